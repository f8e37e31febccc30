import Datasets
import Files
import Foundation
import Torch

/// References on disk, found by the contents of the data and the extractor's fingerprint.
public struct ReferenceCache: Sendable {
  /// Changes when what a reference holds does.
  private static let format = "swift-gan reference 1"

  private let folder: String

  /// References in the folder `references` of the cache at `cacheFolder`.
  public init(cacheFolder: String) { folder = cacheFolder + "/references" }

  /// The reference of `data` as `extractor` sees it: from the cache, or made and kept there.
  ///
  /// - Parameters:
  ///   - progress: gets the number of samples that are done while it is made.
  ///   - unsaved: gets the reason why it could not be cached, which only costs time.
  /// - Throws: ``MetricError``; a damaged file is made anew.
  public func reference(
    _ data: Dataset, _ extractor: any FeatureExtractor, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in },
    unsaved: (any Error) -> Void = { _ in }
  ) throws -> Reference {
    let path = path(data, extractor)
    if holds(data, extractor) {
      do {
        return try read(path, data)
      } catch {
        unsaved(error)
      }
    }
    let reference = try Reference(data, extractor, progress: progress)
    do {
      try write(reference, to: path)
    } catch {
      unsaved(error)
    }
    return reference
  }

  /// Whether the reference is there.
  public func holds(_ data: Dataset, _ extractor: any FeatureExtractor) -> Bool {
    FileSystem.exists(path(data, extractor))
  }

  private func path(_ data: Dataset, _ extractor: any FeatureExtractor) -> String {
    var hash = SHA256()
    for part in [Self.format, data.fingerprint, extractor.fingerprint, extractor.resize] {
      hash.update(Array((part + "\n").utf8))
    }
    return "\(folder)/\(hash.finish().prefix(32)).safetensors"
  }

  private func write(_ reference: Reference, to path: String) throws {
    try FileSystem.createFolder(folder)
    var tensors = [
      ("mean", reference.statistics.mean), ("covariance", reference.statistics.covariance), ("root", reference.root),
      ("features", reference.features),
    ]
    if let histogram = reference.histogram { tensors.append(("histogram", Tensor(histogram.counts.map(Int64.init)))) }
    let metadata = ["format": Self.format, "count": "\(reference.count)", "stacked": "\(reference.isStacked)"]
    try SafetensorsWriter.write(
      tensors.map { SafetensorsWriter.Item($0, $1) }, metadata: metadata, to: path, checksum: true)
  }

  private func read(_ path: String, _ data: Dataset) throws -> Reference {
    let file = try SafetensorsFile(path)
    try file.verifyChecksum()
    guard file.metadata["format"] == Self.format, let count = file.metadata["count"].flatMap({ Int($0) }) else {
      throw FileError(path, "this is not a reference of this version of swift-gan")
    }
    let histogram = file.entry("histogram") == nil ? nil : try file.tensor("histogram").array(of: Int64.self)
    return Reference(
      data: data.plainName, split: data.split, count: count,
      statistics: GaussianStatistics(
        count: count, mean: try file.tensor("mean"), covariance: try file.tensor("covariance")),
      root: try file.tensor("root"), features: try file.tensor("features"),
      histogram: histogram.map { ClassHistogram(counts: $0.map(Int.init)) },
      isStacked: file.metadata["stacked"] == "true")
  }
}
