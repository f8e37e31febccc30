/// The progress of the download of one file.
public struct DownloadProgress: Sendable, Equatable {
  /// The set's name, as in `mnist`.
  public let set: String
  /// The file's name.
  public let file: String
  /// The address that the file comes from.
  public let mirror: String
  /// Bytes on the disk so far, those of an earlier, interrupted download included.
  public let received: Int
  /// Bytes of the whole file.
  public let total: Int
}
