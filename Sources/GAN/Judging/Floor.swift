import Files
import Foundation

/// What held-out data reach in the samples' place: the values that a perfect generator would have. Kept in the cache.
struct Floor {
  private static let format = "swift-gan floor 1"

  /// The values by the metrics' names.
  let values: [String: Double]

  /// The floor of `metrics` for so many samples of `heldOut`.
  ///
  /// - Parameter identity: all that the values depend on besides the held-out data.
  init(
    _ heldOut: Dataset, _ metrics: [Metric], count: Int, seed: UInt64, judge: Judge, identity: [String],
    cacheFolder: String
  ) throws {
    var hash = SHA256()
    let names = metrics.map(\.rawValue).joined(separator: ",")
    for part in [Self.format, heldOut.fingerprint, names, "\(count)", "\(seed)"] + identity {
      hash.update(Array((part + "\n").utf8))
    }
    let path = "\(cacheFolder)/references/floor-\(hash.finish().prefix(32)).json"
    if let kept = try Self.kept(path) {
      values = kept
      return
    }
    let judgement = try judge(DatasetSamples(heldOut, count: count, seed: seed))
    values = Dictionary(
      judgement.scores.filter { $0.score.value.isFinite }.map { ($0.metric.rawValue, $0.score.value) },
      uniquingKeysWith: { first, _ in first })
    try AtomicFile.write(try JSONEncoder().encode(values), to: path)
  }

  private static func kept(_ path: String) throws -> [String: Double]? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    // What cannot be read is made anew.
    return try? JSONDecoder().decode([String: Double].self, from: MappedFile(path).withBytes { Data($0) })
  }
}
