import Datasets
import Files
import Foundation
import Metrics
import Samples

/// What held-out data reach in the samples' place: the values that a perfect model would have. Kept in the cache.
struct Floor {
  private static let format = "swift-gan floor 2"

  private let heldOut: Dataset
  private let judge: Judge
  private let seed: UInt64
  private let cacheFolder: String
  /// All that the values depend on but the number of samples.
  private let identity: [String]

  /// - Parameters:
  ///   - judge: judges by `metrics` and `seed`.
  ///   - identity: all that its values depend on besides.
  init(
    _ heldOut: Dataset, judge: Judge, _ metrics: [Metric], _ seed: UInt64, identity: [String], cacheFolder: String
  ) {
    self.heldOut = heldOut
    self.judge = judge
    self.seed = seed
    self.cacheFolder = cacheFolder
    let names = metrics.map(\.name).joined(separator: ",")
    self.identity = [Self.format, packageVersion, heldOut.fingerprint, names, "\(seed)"] + identity
  }

  /// The most samples of which there is a floor.
  var limit: Int { heldOut.count }

  /// The values of `count` held-out samples by the metrics' names; none where there are not so many, since several metrics
  /// depend on their number.
  func values(_ count: Int) throws -> [String: Double] {
    guard count <= limit else { return [:] }
    var hash = SHA256()
    for part in identity + ["\(count)"] { hash.update(Array((part + "\n").utf8)) }
    let path = "\(cacheFolder)/references/floor-\(hash.finish().prefix(32)).json"
    if let kept = Self.kept(path) { return kept }
    let judgement = try judge(DatasetSamples(heldOut, count: count, seed: seed))
    let values = Dictionary(
      judgement.scores.filter { $0.score.value.isFinite }.map { ($0.metric.name, $0.score.value) },
      uniquingKeysWith: { first, _ in first })
    Self.keep(values, path)
    return values
  }

  /// What cannot be read is made anew.
  private static func kept(_ path: String) -> [String: Double]? {
    try? JSONDecoder().decode([String: Double].self, from: MappedFile(path).withBytes { Data($0) })
  }

  /// Where the cache cannot be written the floor is made anew each time: that costs time and changes no value.
  private static func keep(_ values: [String: Double], _ path: String) {
    try? AtomicFile.write(try JSONEncoder().encode(values), to: path)
  }
}
