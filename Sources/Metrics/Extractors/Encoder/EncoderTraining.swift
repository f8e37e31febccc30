import Datasets
import Files
import NN
import Samples
import Torch

/// Trains a ``PictureEncoder`` on pictures without labels: of each picture of a batch two views are made, and each view has to
/// find the other one of its picture among those of all others (SimCLR: Chen et al. 2020, arXiv:2002.05709, algorithm 1). AdamW,
/// whose learning rate rises over the first steps and then falls along half a cosine to 0; half precision where the processor
/// has it.
///
/// ```swift
/// let encoder = try EncoderTraining(DataSource("photos/").load(.train))()
/// ```
///
/// The same data, seed and processor type give the same weights: it always takes ``ClassifierTraining/threads``.
public struct EncoderTraining {
  /// Steps of ``batchSize`` pictures: 1,000 by default.
  public let steps: Int
  /// What all random numbers depend on.
  public let seed: UInt64
  /// Pictures a step: 256, or all there are.
  public let batchSize: Int
  /// The training split.
  public let data: Dataset
  private let reduction: AreaMeans

  /// - Parameter data: the training split.
  /// - Throws: ``MetricError`` for points, pictures of less than 8x8 pixels, or fewer than two of them.
  public init(_ data: Dataset, steps: Int? = nil, seed: UInt64 = 1) throws(MetricError) {
    guard data.kind == .pictures, min(data.shape.height, data.shape.width) >= 8 else {
      throw MetricError("\(data.name): an encoder needs pictures of at least 8x8, and these samples are \(data.shape)")
    }
    guard data.count >= 2 else { throw MetricError("\(data.name): a single picture is compared with nothing") }
    self.data = data
    self.seed = seed
    self.steps = steps ?? 1_000
    guard self.steps > 0 else { throw MetricError("an encoder needs at least 1 training step, not \(self.steps)") }
    batchSize = min(256, data.count)
    reduction = PictureEncoder.reduction(data.shape)
  }

  /// Trains one.
  ///
  /// - Parameter progress: called after each step.
  /// - Throws: ``MetricError`` when the loss is no longer finite; `TorchError` when memory runs out; `FileError` when the
  ///   data's file was shortened meanwhile.
  public func callAsFunction(_ progress: (ExtractorProgress) -> Void = { _ in }) throws -> PictureEncoder {
    let usual = Machine.threads
    Machine.threads = ClassifierTraining.threads
    defer { Machine.threads = usual }
    let network = try withTorchErrors {
      EncoderNetwork(
        StateDict(random: RandomGenerator(seed: derivedSeed(seed, 0))), channels: data.shape.channels)
    }
    let optimizer = Adam(
      network.state.parameters, learningRate: Self.learningRate, weightDecay: Self.weightDecay, decoupled: true)
    let rise = max(steps / 20, 1)
    let schedule = LearningRateSchedule.warmUp(
      start: 0.01, steps: rise, then: .cosine(end: 0, steps: max(steps - rise, 1)))
    let precision: DType? = Machine.instructions >= .avx512bfloat16 ? .bfloat16 : nil
    let random = RandomStream(seed: derivedSeed(seed, 1))
    let (pass, views) = (Pass.training(random), PictureViews())
    var order = EpochOrder(count: data.count, seed: seed, epoch: 0)
    for step in 0..<steps {
      let (epoch, place) = step.quotientAndRemainder(dividingBy: data.count / batchSize)
      if place == 0 { order = EpochOrder(count: data.count, seed: seed, epoch: epoch) }
      let chosen = order.indices[(place * batchSize)..<((place + 1) * batchSize)].map(Int.init)
      // Large pictures are reduced a few at a time.
      let reduced = try stride(from: 0, to: chosen.count, by: 32).map { start in
        let some = try data.samples(at: Array(chosen[start..<min(start + 32, chosen.count)]))
        return try withTorchErrors { reduction(some) }
      }
      let loss = try withTorchErrors {
        let reduced = Tensor.concatenated(reduced)
        let both = Tensor.concatenated([views(reduced, using: random), views(reduced, using: random)])
        let places = withAutocast(precision, on: network.state.device) { network(both, pass) }.to(.float32)
        let loss = Self.contrast(places)
        optimizer.learningRate = Self.learningRate * schedule.factor(at: Double(step))
        optimizer.step(gradients(of: loss, with: optimizer.parameters))
        return loss.item
      }
      guard loss.isFinite else {
        throw MetricError("training the encoder of \(data.name) failed: at step \(step + 1) its loss is \(loss)")
      }
      progress(ExtractorProgress(extractor: "encoder", step: step + 1, steps: steps, loss: loss))
    }
    return PictureEncoder(
      network, shape: data.shape,
      origin: EncoderOrigin(
        data: data.plainName, dataFingerprint: data.fingerprint, seed: seed, steps: steps, version: packageVersion))
  }

  /// NT-Xent (Chen et al. 2020, eq. 1) of views `[2N, D]`, of which i and N + i are of one picture.
  package static func contrast(_ views: Tensor) -> Tensor {
    let count = views.size(0)
    let directions = views / (views.norm(axes: [1], keepingAxes: true) + 1e-12)
    let itself = identity(.int(count)).to(views.dtype) * 1e9
    let likeness = directions.matrixMultiplied(by: directions.transposed()) / temperature - itself
    let partners = Tensor((0..<count).map { ($0 + count / 2) % count })
    return crossEntropy(.tensor(likeness), .tensor(partners))
  }

  private static let learningRate = 2e-3
  private static let weightDecay = 0.01
  private static let temperature = 0.2
}

private let crossEntropy = Operation("aten::cross_entropy_loss")
private let identity = Operation("aten::eye")
