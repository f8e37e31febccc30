import Files
import Foundation

/// How a data set is to be loaded.
public struct LoadOptions: Sendable {
  /// The wanted size of the pictures in pixels; nil keeps the size they have, which must be one and the same.
  public var size: (width: Int, height: Int)?
  /// Whether the sub-folders of a folder of pictures are classes.
  public var classesFromFolders = false
  /// Where the pictures of a folder are pairs, two halves side by side: which half is the source and which the target. Each half
  /// is stretched to ``size``. A folder without sub-folders for its splits holds the last fifth of its pictures out.
  public var pairs: PairDirection?
  /// 1 for grey, 3 for colour; nil keeps what the pictures have (a folder is grey if every picture in it is stored as
  /// grey).
  public var channels: Int?
  /// The seed of drawn data: `digits`, stacked sets, mixtures. Not the seed of a training run: its data stay the same.
  public var seed: UInt64 = 1
  /// Where decoded and downloaded data are kept: `swift-gan` under `$XDG_CACHE_HOME` or `~/.cache`.
  public var cacheFolder: String
  /// The environment in which `$GAN_DATA` is looked up.
  public var environment: [String: String]
  /// Whether notices say that a source has no splits; what is to be judged needs none.
  package var mentionsSplits = true
  /// Threads that decode.
  public var threads = ProcessInfo.processInfo.activeProcessorCount
  /// Told how many of all samples are decoded, now and then, on the calling thread.
  public var progress: (@Sendable (_ done: Int, _ total: Int) -> Void)?
  /// Told how a download comes on.
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
        throw DataError("size \(size.width)x\(size.height): each side must lie between 1 and 8192 pixels")
      }
    }
    guard pairs == nil || !classesFromFolders else {
      throw DataError("pairs have no classes: leave out either the pairs or the classes from folders")
    }
    guard [nil, 1, 3].contains(channels) else {
      throw DataError("\(channels ?? 0) channels: pictures have 1 (grey) or 3 (colour)")
    }
  }
}
