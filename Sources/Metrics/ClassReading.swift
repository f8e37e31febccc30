import Torch

private let argmax = Operation("aten::argmax")

/// The classes that a classifier reads in samples, counted: a combination of classes is one where it reads several in each.
struct ClassReading {
  /// How often each class or combination was read; nil while none was.
  private(set) var histogram: ClassHistogram?
  /// How many classes are read in a sample; 0 while none was.
  private(set) var groups = 0

  /// Counts what is read in a batch; nothing where the extractor knows no classes.
  ///
  /// - Returns: the class or combination of each sample.
  /// - Throws: ``MetricError`` when the number of classes changes.
  @discardableResult
  mutating func add(_ features: Features) throws -> [Int]? {
    guard let logits = features.logits else { return nil }
    let shape = logits.shape
    let classes = shape[2]
    let read = try withTorchErrors { argmax(.tensor(logits), .int(2)).array(of: Int64.self) }
    groups = shape[1]
    let combined = (0..<shape[0]).map { sample in
      read[(sample * groups)..<((sample + 1) * groups)].reduce(0) { $0 * classes + Int($1) }
    }
    if histogram == nil {
      histogram = ClassHistogram(classes: (0..<groups).reduce(1) { product, _ in product * classes })
    }
    try histogram?.add(classes: combined)
    return combined
  }
}
