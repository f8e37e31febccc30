import Datasets
import Samples
import Torch

/// Samples from a model: the same seed gives the same ones, however many are made at once.
public struct Sampler {
  /// What makes them.
  public let model: any Model
  let seed: UInt64
  let batch: Int
  let truncation: Double?
  let precision: DType?
  /// Which classes it asks for.
  public let classChoice: ClassChoice
  private let data: Dataset?
  /// The numbers of the draws that its samples are; nil for all of them in order.
  private var draws: [Int]?

  /// Which classes a model of classes is asked for.
  public enum ClassChoice: Sendable, Equatable {
    /// Draws by the seed, each class as often as in the data.
    case drawn
    /// All that have samples in turn: sample i is of class i modulo their number. Groups that were found are drawn.
    case inTurn
    /// This one.
    case only(Int)
  }

  /// - Parameters:
  ///   - seed: what the latents depend on; sample i takes row i of ``latents(_:)``.
  ///   - batch: how many samples are computed at once.
  ///   - truncation: for less varied and more typical samples; of a ``TruncatedModel`` its own, of others the greatest absolute
  ///     value of a latent. `nil` for none.
  ///   - classes: for a model of classes, which.
  ///   - precision: the arithmetic of matrix products and convolutions.
  ///   - data: for a model that takes columns of data, where these come from: sample i takes row i, from the beginning again
  ///     after the last one.
  public init(
    _ model: any Model, seed: UInt64, batch: Int = 100, truncation: Double? = nil,
    classes: ClassChoice = .drawn, precision: Precision = .float32, of data: Dataset? = nil
  ) {
    self.model = model
    self.seed = seed
    self.batch = batch
    self.truncation = truncation
    self.precision = precision.dtype(on: model.device)
    classChoice = classes
    self.data = data
  }

  /// A sampler of some of this one's samples: its sample i is this one's number `draws[i]`.
  ///
  /// - Precondition: `draws` ascends.
  public func picking(_ draws: [Int]) -> Sampler {
    var picking = self
    picking.draws = draws
    return picking
  }

  /// The classes of samples `range`, int64 `[range.count]` on the model's device; `nil` where the model has none.
  public func classes(_ range: Range<Int>) -> Tensor? {
    model.blueprint.classTable.map { table in picked(range) { classes($0, of: table) } }
  }

  private func classes(_ range: Range<Int>, of table: ClassTable) -> Tensor {
    switch classChoice {
    case .drawn: return table.drawn(range.count, seed: seed, first: range.lowerBound, device: model.device)
    // Drawn as often as they occur, so that samples look like those of a model without classes.
    case .inTurn where table.isFound:
      return table.drawn(range.count, seed: seed, first: range.lowerBound, device: model.device)
    case .inTurn:
      let occupied = table.occupied
      return Tensor(range.map { occupied[$0 % occupied.count] }, shape: [range.count], device: model.device)
    case .only(let index): return .full([range.count], Double(index), dtype: .int64, device: model.device)
    }
  }

  /// The latents of samples `range`, `[range.count, latentSize]` on the model's device.
  ///
  /// Truncated ones follow the normal distribution cut off at the limit (Brock et al. 2019, section 3.1), as if draws
  /// beyond it were drawn again; here each draw z becomes Φ⁻¹(Φ(−t) + Φ(z) (Φ(t) − Φ(−t))), so that the samples change
  /// gradually with the limit t.
  public func latents(_ range: Range<Int>) -> Tensor { picked(range, drawnLatents) }

  private func drawnLatents(_ range: Range<Int>) -> Tensor {
    let draws = Tensor.normalRows(
      count: range.count, size: model.blueprint.latentSize, seed: seed, first: range.lowerBound, device: model.device)
    guard let truncation, !(model is any TruncatedModel) else { return draws }
    let tail = distribution(.tensor(Tensor(-truncation, dtype: .float64, device: model.device)))
    let probabilities = distribution(.tensor(draws.to(.float64))) * (1 - tail * 2) + tail
    return quantile(.tensor(probabilities)).to(.float32).clamped(-truncation, truncation)
  }

  /// What `draw` gives for samples `range`, where only some of the draws are samples.
  private func picked(_ range: Range<Int>, _ draw: (Range<Int>) -> Tensor) -> Tensor {
    guard let draws, !range.isEmpty else { return draw(range) }
    let first = draws[range.lowerBound]
    let all = draw(first..<draws[range.upperBound - 1] + 1)
    return all.rows(Tensor(range.map { Int64(draws[$0] - first) }, shape: [range.count], device: model.device))
  }

  /// What the model takes for samples `range`, on its device.
  ///
  /// - Throws: ``TrainingError`` where the model takes a column that the data lack.
  public func inputs(_ range: Range<Int>) throws -> Batch {
    var batch = Batch(count: range.count)
    for input in model.blueprint.inputs {
      switch input {
      case .latents: batch[.latents] = Latents(latents(range))
      case .classes: if let classes = classes(range) { batch[.classes] = Classes(classes) }
      case .data(let column): batch[column.name] = try rows(range, column)
      }
    }
    return batch
  }

  /// Samples 0 ..< count, handed over a batch at a time, in order, on the model's device.
  ///
  /// - Throws: `TorchError` when memory runs out, and what `body` throws.
  public func forEachBatch(_ count: Int, _ body: (Batch) throws -> Void) throws {
    for start in stride(from: 0, to: count, by: batch) {
      let range = start..<min(start + batch, count)
      try body(
        try withTorchErrors {
          let input = try inputs(range)
          return samples(input)
        })
    }
  }

  /// What the model makes of `input`, in the sampler's precision and with its truncation.
  package func samples(_ input: Batch) -> Batch {
    withAutocast(precision, on: model.state.device) {
      guard let truncation, let model = model as? any TruncatedModel else { return model(input) }
      return withoutGradient { model(input, truncation: truncation, .inference) }
    }
  }

  private func rows(_ range: Range<Int>, _ column: ColumnDescription) throws -> Tensor {
    guard let stored = data?[column.name] else {
      throw TrainingError(
        "the model takes a column '\(column.name)', and "
          + (data.map { "\($0.name) has no such column" } ?? "there are no data to take it from"))
    }
    guard stored.format == column.format else {
      throw TrainingError(
        "the model takes rows of shape \(column.format.shape) in column '\(column.name)', and those of "
          + "\(data?.name ?? "the data") have the shape \(stored.format.shape)")
    }
    return stored.format.domain.tensor(stored.rows(at: range.map { $0 % stored.count }), on: model.device)
  }
}

// A look at samples.
extension Sampler {
  /// The most classes that have a column each.
  private static let mostColumns = 16

  /// The number of columns, a class each, where a grid has such.
  private var columns: Int? {
    guard let table = model.blueprint.classTable, classChoice == .inTurn, !table.isFound else { return nil }
    let classes = table.occupied.count
    return classes <= Self.mostColumns ? classes : nil
  }

  /// How many samples a preview usually shows: eight of each class, or as many as suit what the model gives.
  public var previewCount: Int { columns.map { 8 * $0 } ?? model.blueprint.output.format.domain.previewCount }

  /// Samples 0 ..< count as people see them; where all classes are drawn in turn, each has a column of its own.
  ///
  /// - Parameter data: what the samples are to resemble, shown behind them where there is room for both.
  public func preview(_ count: Int? = nil, over data: Dataset? = nil) throws -> Preview {
    let (output, count) = (model.blueprint.output, count ?? previewCount)
    let domain = output.format.domain
    let behind = try data.map { data in
      try withTorchErrors { try data.samples(0..<min(domain.previewCount, data.count)) }
    }
    var rows: [Tensor] = []
    try forEachBatch(count) { batch in if let drawn = batch[output.name] { rows.append(drawn) } }
    return try withTorchErrors { try domain.preview(.concatenated(rows), over: behind, columns: columns) }
  }
}

private let distribution = Operation("aten::special_ndtr")
private let quantile = Operation("aten::special_ndtri")
