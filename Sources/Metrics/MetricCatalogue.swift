import Datasets
import Files
import Foundation

/// Metrics that can be asked for by name. The order is that of a table, and the first that suits some data decides.
public struct MetricCatalogue: Sendable {
  /// The metrics.
  public let metrics: [Metric]

  /// The metrics of this package.
  public static let standard = MetricCatalogue([
    .fid, .kid, .inceptionScore, .precision, .recall, .density, .coverage, .slicedWasserstein, .classKL, .modes,
    .modeKL, .quality, .spread, .diversity, .memorisation, .iou, .pixelAccuracy, .perceptual, .lpipsAlex,
    .lpipsVGG, .multiscaleSSIM, .psnr, .ssim, .l1, .cycle,
  ])

  /// A catalogue of `metrics`, each name once.
  public init(_ metrics: [Metric]) {
    precondition(Set(metrics).count == metrics.count, "two metrics have the same name: \(metrics)")
    self.metrics = metrics
  }

  /// The catalogue with a program's own metrics at its end. One with the name of another takes its place.
  public func adding(_ others: Metric...) -> MetricCatalogue {
    var metrics = metrics
    for metric in others {
      if let index = metrics.firstIndex(of: metric) { metrics[index] = metric } else { metrics.append(metric) }
    }
    return MetricCatalogue(metrics)
  }

  /// The metric called `name`; nil where there is none.
  public subscript(name: String) -> Metric? { metrics.first { $0.name == name } }

  /// The metric called `text`, or, of one that needs weights, its name, a colon and the file that has them.
  ///
  /// - Throws: ``MetricError`` that names the nearest one; where a file is missing, or named for a metric that needs none.
  public func named(_ text: String) throws(MetricError) -> Metric {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let name = parts[0]
    if let metric = self[name] {
      guard parts.count == 2 else { return metric }
      guard let withFile = metric.withFile else { throw MetricError("\(name) takes no file, got '\(text)'") }
      guard !parts[1].isEmpty else { throw MetricError("\(text): the file is missing after the colon") }
      return withFile(FileSystem.absolute(parts[1]))
    }
    let names = metrics.map(\.name)
    let near = nearest(to: name, among: names).map { "; did you mean '\($0)'? There are" } ?? "; there are"
    throw MetricError("there is no metric '\(name)'\(near) \(names.joined(separator: ", "))")
  }

  /// Metrics as people list them: "fid,kid".
  ///
  /// - Throws: ``MetricError`` for a name that there is not, an empty list or one that names a metric twice.
  public func list(_ text: String) throws(MetricError) -> [Metric] {
    var metrics: [Metric] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let metric = try named(part.trimmingCharacters(in: .whitespaces))
      guard !metrics.contains(metric) else { throw MetricError("the metric '\(metric)' is listed twice") }
      metrics.append(metric)
    }
    return metrics
  }
}

extension Metric {
  /// As people type it: its name, and the file with its weights where it has one.
  public var typed: String { name + (file.map { ":\($0)" } ?? "") }
}

// In a file a metric is what people type.
extension Metric: Codable {
  /// Reads the name of a metric in the decoder's ``MetricCatalogue/userInfoKey``, or else in the standard catalogue.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      self = try MetricCatalogue.catalogue(of: decoder).named(container.decode(String.self))
    } catch let error as MetricError {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  /// Writes the name, and the file where it has one.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(typed)
  }
}

extension MetricCatalogue {
  /// Where a decoder finds the catalogue of a program with metrics of its own.
  public static let userInfoKey: CodingUserInfoKey = {
    guard let key = CodingUserInfoKey(rawValue: "swift-gan.metrics") else { preconditionFailure("a key is any text") }
    return key
  }()

  /// The catalogue in which `decoder` finds metrics by name.
  public static func catalogue(of decoder: any Decoder) -> MetricCatalogue {
    decoder.userInfo[userInfoKey] as? MetricCatalogue ?? .standard
  }
}
