import Datasets
import Files
import NN
import Samples
import Torch

/// Trains a ``Classifier`` on labelled pictures: cross-entropy by AdamW, whose learning rate rises over the first steps and
/// then falls along half a cosine to 0, on pictures that are moved a little. Half precision where the processor has it.
///
/// ```swift
/// let source = try DataSource("digits")
/// let classifier = try ClassifierTraining(source.load(.train), test: source.load(.test))()
/// print(classifier.origin.accuracy)
/// ```
///
/// The same data, seed and processor type give the same weights: it always takes ``threads``, as another number would add
/// numbers in another order, and values of two judges are not comparable.
public struct ClassifierTraining {
  /// Steps of ``batchSize`` pictures: four epochs, but no fewer than 2,000, unless others are asked for.
  public let steps: Int
  /// What all random numbers depend on.
  public let seed: UInt64
  /// Pictures a step: 128, or all there are.
  public let batchSize: Int
  private let data: Dataset
  private let trained: [Int]
  private let held: (data: Dataset, indices: [Int], kind: ClassifierOrigin.HeldOut)
  private let classCount: Int
  private let reduction: AreaMeans

  /// - Parameters:
  ///   - data: the training split.
  ///   - test: the test split, of which the pictures of the training split's classes are judged; where there are none, or it
  ///     is the same as `data`, a tenth of `data` is kept from training.
  /// - Throws: ``MetricError`` for data without labels, of fewer than two classes, or of pictures that are too small or whose
  ///   test split has another shape.
  public init(_ data: Dataset, test: Dataset? = nil, steps: Int? = nil, seed: UInt64 = 1) throws {
    let classCount = try Self.classCount(data)
    self.classCount = classCount
    self.data = data
    reduction = CompactMaps.reduction(data.shape)
    self.seed = seed
    if let test, test.shape != data.shape {
      throw MetricError(
        "\(data.name): the test split has samples of \(test.shape), the training split of \(data.shape)")
    }
    let labels = test?.labels ?? []
    let known = labels.indices.filter { labels[$0] < classCount }
    if let test, !known.isEmpty, test.fingerprint != data.fingerprint {
      trained = Array(0..<data.count)
      held = (test, known, .testSplit)
    } else {
      // Another purpose than that of the epochs' orders, which begin at number 0.
      let order = EpochOrder(count: data.count, seed: seed, epoch: -1).indices.map(Int.init)
      let count = max(data.count / 10, 1)
      trained = order.dropFirst(count).sorted()
      held = (data, order.prefix(count).sorted(), .tenth)
    }
    guard trained.count >= 2 else {
      throw MetricError(
        "\(data.name): \(data.count) pictures are too few to train a classifier; use at least some hundreds")
    }
    batchSize = min(128, trained.count)
    self.steps = steps ?? max(4 * (trained.count / batchSize), 2000)
    guard self.steps > 0 else { throw MetricError("a classifier needs at least 1 training step, not \(self.steps)") }
  }

  private static func classCount(_ data: Dataset) throws -> Int {
    guard data.kind == .pictures else {
      throw MetricError("\(data.name) are points in the plane, which need no classifier")
    }
    guard data.labels != nil, let count = data.classCount else {
      throw MetricError(
        "\(data.name): a classifier needs labelled pictures, and these have no labels; if the subfolders are classes, add "
          + "--classes folders; otherwise use --extractor encoder or pixels")
    }
    guard data.distinctLabels >= 2 else {
      throw MetricError("\(data.name): a classifier needs at least two classes, and there is only one")
    }
    guard min(data.shape.height, data.shape.width) >= 8 else {
      throw MetricError("\(data.name): a classifier needs pictures of at least 8x8, and these are \(data.shape)")
    }
    return count
  }

  /// Trains one.
  ///
  /// - Parameter progress: called after each step.
  /// - Throws: ``MetricError`` when the loss is no longer finite; `TorchError` when memory runs out; `FileError` when the
  ///   data's file was shortened meanwhile.
  public func callAsFunction(_ progress: (ExtractorProgress) -> Void = { _ in }) throws -> Classifier {
    let usual = Machine.threads
    Machine.threads = Self.threads
    defer { Machine.threads = usual }
    let network = try withTorchErrors {
      ClassifierNetwork(
        StateDict(random: RandomGenerator(seed: derivedSeed(seed, 0))), channels: data.shape.channels,
        classes: classCount)
    }
    let optimizer = Adam(
      network.state.parameters, learningRate: Self.learningRate, weightDecay: Self.weightDecay, decoupled: true)
    let rise = max(steps * 3 / 20, 1)
    let schedule = LearningRateSchedule.warmUp(
      start: 0.01, steps: rise, then: .cosine(end: 0, steps: max(steps - rise, 1)))
    let precision: DType? = Machine.instructions >= .avx512bfloat16 ? .bfloat16 : nil
    let pass = Pass.training(RandomStream(seed: derivedSeed(seed, 1)))
    var batches = ShiftedBatches(data, indices: trained, batchSize: batchSize, seed: seed)
    for step in 0..<steps {
      let (images, labels) = try batches.batch(step)
      let loss = try withTorchErrors {
        let logits = withAutocast(precision, on: network.state.device) { network(reduction(images), pass).logits }.to(
          .float32)
        let loss = crossEntropy(.tensor(logits), .tensor(labels))
        optimizer.learningRate = Self.learningRate * schedule.factor(at: Double(step))
        optimizer.step(gradients(of: loss, with: optimizer.parameters))
        return loss.item
      }
      guard loss.isFinite else {
        throw MetricError("training the classifier of \(data.name) failed: at step \(step + 1) its loss is \(loss)")
      }
      progress(ExtractorProgress(extractor: "classifier", step: step + 1, steps: steps, loss: loss))
    }
    return Classifier(
      network, shape: data.shape, classCount: classCount, classNames: data.classNames,
      origin: ClassifierOrigin(
        data: data.plainName, dataFingerprint: data.fingerprint, seed: seed, steps: steps,
        accuracy: try accuracy(of: network), judgedCount: held.indices.count, judgedOn: held.kind,
        version: packageVersion))
  }

  /// The accuracy of `network` on the held-out pictures.
  private func accuracy(of network: ClassifierNetwork) throws -> Double {
    var right = 0
    for start in stride(from: 0, to: held.indices.count, by: 500) {
      let chosen = held.indices[start..<min(start + 500, held.indices.count)]
      let guesses = try withTorchErrors {
        let images = Tensor.concatenated(try chosen.map { try held.data.samples($0..<($0 + 1)) })
        return withoutGradient {
          argmax(.tensor(network(reduction(images), .inference).logits), .int(1))
            .array(of: Int32.self)
        }
      }
      right += zip(chosen, guesses).count { held.data.labels?[$0] == $1 }
    }
    return Double(right) / Double(held.indices.count)
  }

  /// The threads of operators while it trains, whatever the machine has.
  public static let threads = 2

  private static let learningRate = 4e-3
  private static let weightDecay = 0.01
}

extension Dataset {
  /// How many classes have samples: of one alone, as in a folder's only class, there is nothing to learn.
  var distinctLabels: Int { Set(labels ?? []).count }
}

private let crossEntropy = Operation("aten::cross_entropy_loss")
private let argmax = Operation("aten::argmax")
