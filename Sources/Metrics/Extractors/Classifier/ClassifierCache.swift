import Datasets
import Files
import Foundation

/// The classifiers that were trained on this machine, one for each training split, in the folder `extractors` of the cache.
public struct ClassifierCache: Sendable {
  /// The folder.
  public let folder: String

  /// Those in the cache of `options`.
  public init(_ options: LoadOptions = LoadOptions()) { folder = options.cacheFolder + "/extractors" }

  /// Where the classifier of this training split is kept.
  public func path(for data: Dataset) -> String {
    let key = fingerprint(of: "\(ClassifierNetwork.name) of \(data.fingerprint)")
    return "\(folder)/classifier-\(key.prefix(32)).safetensors"
  }

  /// The classifier that was trained on this split, if there is one.
  ///
  /// - Throws: `FileError` when its file is damaged; it says which one to remove.
  public func classifier(of data: Dataset) throws -> Classifier? {
    let path = path(for: data)
    guard FileSystem.exists(path) else { return nil }
    do {
      let classifier = try Classifier(contentsOf: path)
      guard classifier.origin.dataFingerprint == data.fingerprint else {
        throw FileError(path, "the file is damaged: it holds a classifier of other data")
      }
      return classifier
    } catch let error as FileError {
      throw FileError(path, "\(error.reason); remove the file, and the classifier will be trained again")
    }
  }

  /// Keeps a classifier for the split it was trained on, in place of another.
  ///
  /// - Returns: its file.
  /// - Throws: `FileError` when the folder cannot be made or written.
  @discardableResult
  public func store(_ classifier: Classifier, for data: Dataset) throws -> String {
    try FileSystem.createFolder(folder)
    AtomicFile.removeLeftovers(in: folder)
    let path = path(for: data)
    try classifier.write(to: path)
    return path
  }
}
