import Files
import Foundation

/// How to load a data set.
public struct LoadOptions: Sendable {
  /// The size to resize pictures to, in pixels; nil keeps their size, which must then be the same for all.
  public var size: (width: Int, height: Int)?
  /// Whether the subfolders of a folder of pictures are classes.
  public var classesFromFolders = false
  /// Which sides a game that translates takes from a source; nil for pictures that are no sides of anything. Those of pairs
  /// are stretched to ``size``. If nothing else tells the splits, the last fifth is held out.
  public var sides: Sides?
  /// 1 for grey, 3 for colour; nil keeps the pictures' own (a folder is grey if every picture in it is stored as grey).
  public var channels: Int?
  /// The seed of drawn data: `digits`, stacked sets, mixtures. It is not the seed of a training run, on which the data do not
  /// depend.
  public var seed: UInt64 = 1
  /// Where decoded and downloaded data are kept: `swift-gan` under `$XDG_CACHE_HOME` or `~/.cache`.
  public var cacheFolder: String
  /// The environment variables, for `$GAN_DATA` and `$GAN_MIRROR`.
  public var environment: [String: String]
  /// Whether notices say that a source has no splits, which does not matter for samples to evaluate.
  package var mentionsSplits = true
  /// The number of threads that decode; at first as many processors as the process may really use.
  public var threads = UsableProcessors.here.threads
  /// Receives decoding progress, on the calling thread.
  public var progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
  /// Receives download progress.
  public var downloadProgress: (@Sendable (DownloadProgress) -> Void)?

  /// The defaults in `environment`.
  public init(environment: [String: String] = Invocation.environment) {
    self.environment = environment
    let cache = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
    cacheFolder = (cache ?? (environment["HOME"] ?? NSHomeDirectory()) + "/.cache") + "/swift-gan"
  }

  /// - Throws: ``DataError`` for a size or a number of channels that no picture can have.
  func validate() throws {
    if let size {
      guard (1...8192).contains(size.width), (1...8192).contains(size.height) else {
        throw DataError("size \(size.width)x\(size.height): each side must be from 1 to 8192 pixels")
      }
    }
    guard sides == nil || !classesFromFolders else {
      throw DataError("pairs have no classes: choose either pairs or classes from folders")
    }
    guard [nil, 1, 3].contains(channels) else {
      throw DataError("\(channels ?? 0) channels: pictures have 1 (grey) or 3 (colour)")
    }
  }
}
