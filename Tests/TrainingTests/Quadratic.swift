import Datasets
import Foundation
import NN
import RunLog
import Samples
import Torch
import Training

/// A network of one vector, which moves toward the mean of the data's classes: a game that has nothing of a GAN.
final class Vector: Model {
  let state = StateDict(random: RandomGenerator(seed: 1), dtype: .float64)
  let values: Tensor
  /// A buffer, which a phase can change.
  let seen: Tensor

  init(_ size: Int = 3) {
    seen = state.root.buffer("seen", .zeros([1], dtype: .float64))
    values = state.root.parameter("values", shape: [size], .normal(deviation: 1))
  }

  var blueprint: Blueprint {
    Blueprint(
      "vector", settings: ["size": values.count], inputs: [.latents(2)],
      output: ColumnDescription("rows", ColumnFormat(ColumnFormat.Kind(rawValue: "rows"), .float32, shape: [3])))
  }

  func callAsFunction(_ input: Batch, _ pass: Pass) -> Batch {
    var output = Batch(count: input.count)
    let noise = input[.latents].tensor.to(.float64).sum(axes: [1], keepingAxes: true)
    output["rows"] = (noise * 0.1 + values.reshaped(1, -1)).to(.float32)
    return output
  }
}

/// A game whose phases a test gives.
final class Quadratic: Game {
  let vector = Vector()
  let player: Player
  let counter = Tensor.zeros([1], dtype: .int64)
  var players: [Player] { [player] }
  var product: any Model { vector }
  var memory: [(name: String, tensor: Tensor)] { [("turns", counter)] }
  let makePhases: (Quadratic) -> [Phase]

  init(
    _ settings: PlayerSettings = Quadratic.settings(), optimizer: (([Tensor]) -> any Optimizer)? = nil,
    phases: @escaping (Quadratic) -> [Phase] = { [$0.phase()] }
  ) {
    player = Player("vector", symbol: "v", vector, settings, optimizer: optimizer)
    makePhases = phases
  }

  static func settings(_ optimizer: OptimizerKind = .adam, _ rate: Double = 0.1) -> PlayerSettings {
    var settings = PlayerSettings()
    (settings.optimizer, settings.learningRate) = (optimizer, rate)
    return settings
  }

  func phases(at step: Int) -> [Phase] { makePhases(self) }

  /// ‖v − t‖², t the mean of what the batch holds and a number that the part draws.
  func loss(_ turn: Turn) -> Loss {
    counter.add(counter.onesLike())
    let noise = turn.latents(size: 3).to(.float64).mean(axes: [0])
    return Loss((vector.values - turn.batch[.classes].tensor.to(.float64).mean() - noise).squared().sum())
  }

  func phase(_ name: String = "toward", every interval: Int = 1, sameBatch: Bool = false) -> Phase {
    Phase(name, moves: player, every: interval, sameBatch: sameBatch) { [unowned self] turn in loss(turn) }
  }

  /// Plays steps on batches of the classes 0, 1, 2, ...
  func play(_ numbers: Range<Int>, batch: Int = 4, parts: Int = 1) throws -> [Scalars] {
    let step = steps(batch: batch, parts: parts)
    return try numbers.map { try step($0, attempt: 0) }
  }

  /// Steps on batches of the classes 0, 1, 2, ...
  func steps(batch: Int = 4, parts: Int = 1) -> TrainingStep {
    var training = TrainingSettings(steps: 1)
    (training.batch, training.accumulation) = (batch, parts)
    var next: Int64 = 0
    return TrainingStep(self, training, seed: 5) {
      defer { next += Int64(batch) }
      let classes = (0..<Int64(batch)).map { next + $0 }
      return Batch(count: batch).with(.classes, Classes(Tensor(classes, shape: [batch])))
    }
  }

  var numbers: [Double] { vector.values.detached().array(of: Double.self) }
}

/// Calls `body` with a fresh folder, which is removed afterwards.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.path + "/swift-gan-training-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  let outcome = Result { try body(folder) }
  try FileManager.default.removeItem(atPath: folder)
  try outcome.get()
}

/// The sentence of the error that `body` throws; nil when it throws none.
func sentence(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)"
  }
}
