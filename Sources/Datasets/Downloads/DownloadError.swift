import Files

/// A file that no mirror delivered: which one, what each mirror answered, and what to do.
public struct DownloadError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What one mirror said.
  public struct Refusal: Sendable, Equatable {
    /// The file's address at that mirror.
    public let mirror: String
    /// The last reason, as in "it answered 404".
    public let reason: String
  }

  /// The set's name, as in `mnist`.
  public let set: String
  /// The file's name.
  public let file: String
  /// The mirrors in the order in which they were tried.
  public let refusals: [Refusal]
  /// What the set's folder in `$GAN_DATA` lacks, where there is such a folder.
  public let incompleteFolder: FileError?

  /// One sentence without its full stop.
  public var description: String {
    let reasons = refusals.map { "\($0.mirror): \($0.reason)" }.joined(separator: "; ")
    let folder = incompleteFolder.map { ", and the folder in $GAN_DATA cannot be used (\($0))" } ?? ""
    return
      "cannot download \(file) of \(set) (\(reasons))\(folder); try again later to continue the download, set $GAN_MIRROR "
      + "to a mirror that holds \(set)/\(file), or put the files into a folder DIR and pass \(set):DIR "
      + "or set GAN_DATA=DIR with the files in DIR/\(set)"
  }
}
