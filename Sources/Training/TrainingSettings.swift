import Torch

/// How any game is trained: the size of a step, the arithmetic, and how many steps a run has that nothing else limits.
public struct TrainingSettings: Sendable, Equatable {
  /// Samples in one computation.
  public var batch = 64
  /// How many batches make the gradient of one move.
  public var accumulation = 1
  /// The arithmetic of matrix products and convolutions.
  public var precision = Precision.auto
  /// Steps when nothing else limits a run.
  public var steps: Int

  /// The default settings, for a run of `steps` steps.
  public init(steps: Int) { self.steps = steps }

  /// All of them.
  public static let settings: [Setting<TrainingSettings>] = [
    .whole("batch", \.batch, Setting<TrainingSettings>.sizes),
    .whole("accumulation", \.accumulation, Setting<TrainingSettings>.sizes),
    .choice("precision", \.precision),
    .whole("steps", \.steps, 1...Setting<TrainingSettings>.mostSteps),
  ]
}

extension Game {
  /// Samples of the data that step number `step` takes.
  package func samplesPerStep(_ training: TrainingSettings, at step: Int) -> Int {
    var batches = 0
    for phase in phases(at: step) where step.isMultiple(of: phase.interval) && (!phase.sameBatch || batches == 0) {
      batches += 1
    }
    return training.batch * training.accumulation * batches
  }
}

/// The arithmetic of matrix products and convolutions; parameters are float32 always.
public enum Precision: String, Sendable, CaseIterable {
  /// bfloat16 on the processor if ``Machine/instructions`` has products of it, and on any other device, else float32. GPUs
  /// multiply it from compute capability 8 on, and on others it is slow; that it is as good a choice there as on the processor
  /// has not been measured.
  case auto
  case float32
  case bfloat16

  /// The type to compute in on `device`, `nil` for the parameters' own.
  public func dtype(on device: Device) -> DType? {
    switch self {
    case .auto: device != .cpu || Machine.instructions >= .avx512bfloat16 ? .bfloat16 : nil
    case .float32: nil
    case .bfloat16: .bfloat16
    }
  }

  /// What `auto` means on `device`; the others mean themselves.
  public func settled(on device: Device) -> Precision { dtype(on: device) == .bfloat16 ? .bfloat16 : .float32 }

  /// What `auto` means on the host.
  public var settled: Precision { settled(on: .cpu) }
}
