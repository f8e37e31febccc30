import Datasets
import Files
import Foundation

/// The extractors that were trained on this machine, found by the training split that they were trained on, in the folder
/// `extractors` of the cache.
public struct ExtractorCache: Sendable {
  /// The folder.
  public let folder: String

  /// Those in the cache of `options`.
  public init(_ options: LoadOptions = LoadOptions()) { folder = options.cacheFolder + "/extractors" }

  /// Where the classifier of this training split is kept.
  public func path(for data: Dataset) -> String {
    path("classifier", key: "\(ClassifierNetwork.name) of \(data.fingerprint)")
  }

  /// The classifier that was trained on this split, if there is one.
  ///
  /// - Throws: `FileError` when its file is damaged; it says which one to remove.
  public func classifier(of data: Dataset) throws -> Classifier? {
    try read(path(for: data), "classifier") { path in
      let classifier = try Classifier(contentsOf: path)
      try Self.check(classifier.origin.dataFingerprint == data.fingerprint, path, "a classifier")
      return classifier
    }
  }

  /// Keeps a classifier for the split it was trained on, in place of another.
  ///
  /// - Returns: its file.
  /// - Throws: `FileError` when the folder cannot be made or written.
  @discardableResult
  public func store(_ classifier: Classifier, for data: Dataset) throws -> String {
    let path = path(for: data)
    try prepare()
    try classifier.write(to: path)
    return path
  }

  /// The encoder of this training split under a seed: from the cache, else trained and put there.
  ///
  /// - Parameters:
  ///   - training: how it is trained.
  ///   - progress: called after each step of the training.
  /// - Throws: `FileError` for a damaged file, which it names, or a folder that cannot be made, before it is trained, or written;
  ///   else what ``EncoderTraining`` throws.
  public func encoder(
    _ training: EncoderTraining, progress: (ExtractorProgress) -> Void = { _ in }
  ) throws -> PictureEncoder {
    let (data, path) = (training.data, path(for: training))
    let kept = try read(path, "encoder") { path in
      let encoder = try PictureEncoder(contentsOf: path)
      try Self.check(encoder.origin.dataFingerprint == data.fingerprint, path, "an encoder")
      return encoder
    }
    if let kept { return kept }
    try prepare()
    let encoder = try training(progress)
    try encoder.write(to: path)
    return encoder
  }

  /// Whether the encoder that this training makes is there.
  public func holds(_ training: EncoderTraining) -> Bool { FileSystem.exists(path(for: training)) }

  private func path(for training: EncoderTraining) -> String {
    path(
      "encoder",
      key: "\(EncoderNetwork.name) of \(training.data.fingerprint), seed \(training.seed), \(training.steps) steps")
  }

  private func path(_ kind: String, key: String) -> String {
    "\(folder)/\(kind)-\(fingerprint(of: key).prefix(32)).safetensors"
  }

  private func prepare() throws {
    try FileSystem.createFolder(folder)
    AtomicFile.removeLeftovers(in: folder)
  }

  private func read<Extractor>(_ path: String, _ what: String, _ read: (String) throws -> Extractor) throws
    -> Extractor?
  {
    guard FileSystem.exists(path) else { return nil }
    do {
      return try read(path)
    } catch let error as FileError {
      throw FileError(path, "\(error.reason); remove the file, and the \(what) will be trained again")
    }
  }

  private static func check(_ isRight: Bool, _ path: String, _ what: String) throws(FileError) {
    guard isRight else { throw FileError(path, "the file is damaged: it holds \(what) of other data") }
  }
}
