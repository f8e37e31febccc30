/// What this machine lacks for any download.
struct DownloadPrerequisite: Error, CustomStringConvertible {
  /// What is missing and how to get it.
  let description: String
}
