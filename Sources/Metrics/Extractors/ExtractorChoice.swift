import Files
import Datasets
import Foundation

/// The user's choice of extractor: `auto`, `classifier`, `classifier:FILE`, `encoder`, `pixels`,
/// `inception:FILE` (pictures resized as clean-fid does) or `inception-legacy:FILE` (as TensorFlow 1 and torch-fidelity do).
public enum ExtractorChoice: Sendable, Equatable, CustomStringConvertible {
  /// The plane itself for points, a classifier for labelled pictures, else pixels.
  case auto
  /// The classifier of the data, from a file where one is named, else from the cache or trained.
  case classifier(file: String?)
  /// Features that are learnt from the data without labels, from the cache or trained.
  case encoder
  case pixels
  /// The Inception network of FID, with weights from the file, and the rule by which pictures are brought to its size.
  case inception(file: String, resize: Resize.Rule)

  /// The words, for help and errors.
  public static let names = [
    "auto", "classifier", "classifier:FILE", "encoder", "pixels", "inception:FILE", "inception-legacy:FILE",
  ]

  /// Parses what the user typed.
  ///
  /// - Throws: ``MetricError`` that names the nearest word.
  public init(_ text: String) throws(MetricError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let (word, file) = (parts[0], parts.count == 2 ? parts[1] : nil)
    switch (word, file) {
    case (_, "") where ["classifier", "inception", "inception-legacy"].contains(word):
      throw MetricError("--extractor \(text): the file is missing after the colon")
    case ("auto", nil): self = .auto
    case ("encoder", nil): self = .encoder
    case ("pixels", nil): self = .pixels
    case ("classifier", let file): self = .classifier(file: file)
    case ("inception", let file?): self = .inception(file: file, resize: .clean)
    case ("inception-legacy", let file?): self = .inception(file: file, resize: .legacy)
    case ("inception", nil), ("inception-legacy", nil):
      throw MetricError(
        "--extractor \(word) needs the file with its weights, as in \(word):FILE.safetensors; "
          + "Tools/convert_inception.py converts it from the usual pt_inception-2015-12-05-6726825d.pth")
    default:
      let words = ["auto", "classifier", "encoder", "pixels", "inception", "inception-legacy"]
      let near = nearest(to: word, among: words).map { "; did you mean '\($0)'?" } ?? ""
      throw MetricError("unknown extractor '\(text)'\(near); there are \(Self.names.joined(separator: ", "))")
    }
  }

  /// As the user writes it.
  public var description: String {
    switch self {
    case .auto: "auto"
    case .classifier(let file): "classifier" + (file.map { ":\($0)" } ?? "")
    case .encoder: "encoder"
    case .pixels: "pixels"
    case .inception(let file, .clean): "inception:\(file)"
    case .inception(let file, .legacy): "inception-legacy:\(file)"
    }
  }

  /// The same choice with the full path of its file, which means the same from any working folder.
  public var absolute: String {
    return switch self {
    case .classifier(let file?): "\(Self.classifier(file: FileSystem.absolute(file)))"
    case .inception(let file, let rule): "\(Self.inception(file: FileSystem.absolute(file), resize: rule))"
    case .auto, .encoder, .pixels, .classifier: description
    }
  }

  /// The extractor for judging pictures against `data`.
  ///
  /// - Parameters:
  ///   - data: a training split, loaded with `options`.
  ///   - mayTrain: whether an extractor that is not in the cache is trained, which takes a minute, and put there.
  ///   - progress: gets the progress of the training.
  /// - Returns: nil when one would have to be trained and may not be.
  /// - Throws: ``MetricError`` when the extractor cannot take these data; `FileError`.
  public func extractor(
    for data: Dataset, options: LoadOptions = LoadOptions(), mayTrain: Bool = true,
    progress: (ExtractorProgress) -> Void = { _ in }
  ) throws -> (any FeatureExtractor)? {
    // A classifier reads pictures whole, but stacked ones a channel after the other.
    func reading(
      by classifier: (Dataset, LoadOptions) throws -> Classifier?
    ) throws -> (any FeatureExtractor)? {
      guard let base = data.source?.stackedBase else { return try classifier(data, options) }
      var options = options
      options.channels = nil
      return try classifier(base.load(.train, options: options), options).map { try StackedClassifier($0) }
    }
    switch self {
    case .auto where data.kind == .points: return PlaneFeatures()
    case .auto where data.distinctLabels < 2 || min(data.shape.height, data.shape.width) < 8:
      return PixelFeatures(data.shape)
    case .encoder: return try Self.encoder(of: data, options, mayTrain: mayTrain, progress)
    case .auto, .classifier(file: nil):
      return try reading { try Self.classifier(of: $0, $1, mayTrain: mayTrain, progress) }
    case .classifier(let file?):
      return try reading { data, _ in try Self.classifier(in: file, for: data) }
    case .pixels: return data.kind == .points ? PlaneFeatures() : PixelFeatures(data.shape)
    case .inception(let file, let rule):
      guard data.kind == .pictures else {
        throw MetricError("\(data.name) are points in the plane, and Inception needs pictures; use --extractor auto")
      }
      return try InceptionFeatures(contentsOf: file, resize: rule)
    }
  }

  /// The encoder of a training split: from the cache, else trained and put there.
  private static func encoder(
    of data: Dataset, _ options: LoadOptions, mayTrain: Bool, _ progress: (ExtractorProgress) -> Void
  ) throws -> PictureEncoder? {
    let (cache, training) = (ExtractorCache(options), try EncoderTraining(data))
    return mayTrain || cache.holds(training) ? try cache.encoder(training, progress: progress) : nil
  }

  /// The classifier in a file. It must have been trained on `data` where these are labelled: the classes of others are
  /// others.
  private static func classifier(in file: String, for data: Dataset) throws -> Classifier {
    let classifier = try Classifier(contentsOf: file)
    let (shape, origin) = (classifier.shape, classifier.origin)
    let making = data.source.map { ", or train one for them with 'gan extractor train --data \($0)'" } ?? ""
    let remedy = "leave out the file" + making
    guard shape == data.shape else {
      throw MetricError(
        "the classifier in \(file) takes pictures of \(shape), and those of \(data.plainName) are \(data.shape); "
          + (data.labels == nil ? shape.remedy(for: data.shape) : remedy))
    }
    guard data.labels == nil || origin.dataFingerprint == data.fingerprint else {
      throw MetricError(
        "the classifier in \(file) was trained on \(origin.data) (\(origin.dataFingerprint.prefix(12))), and the data "
          + "are \(data.plainName) (\(data.fingerprint.prefix(12))): their classes differ; \(remedy)")
    }
    return classifier
  }

  /// The classifier of a training split: from the cache, else trained and put there.
  private static func classifier(
    of data: Dataset, _ options: LoadOptions, mayTrain: Bool,
    _ progress: (ExtractorProgress) -> Void
  ) throws -> Classifier? {
    let cache = ExtractorCache(options)
    if let classifier = try cache.classifier(of: data) { return classifier }
    guard mayTrain else { return nil }
    var test: Dataset?
    do {
      test = try data.source?.load(.test, like: data, options: options)
    } catch  where error is DataError || error is FileError {
      // A test split that cannot be had is no reason not to judge: a tenth of the training split stands in for it, and the
      // classifier says so.
    }
    let classifier = try ClassifierTraining(data, test: test)(progress)
    try cache.store(classifier, for: data)
    return classifier
  }
}
