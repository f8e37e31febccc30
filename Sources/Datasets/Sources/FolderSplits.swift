import Files

/// The subfolders of a folder of pictures that are its training and its test split.
struct FolderSplits {
  /// The training split's path.
  let train: String
  /// The test split's path.
  let test: String
  /// What was taken for what, where the names do not say it as they are: `train` and `test`.
  let notice: String?

  /// The names of a training split, in small letters.
  static let trainNames = ["train", "training"]
  /// The names of a test split, in small letters; a validation split is one where there is no other.
  static let testNames = [["test", "testing"], ["val", "valid", "validation"]]

  /// Whether a sub-folder of this name would be a split beside others.
  static func isSplit(_ name: String) -> Bool { (trainNames + testNames.joined()).contains(name.lowercased()) }

  /// The path of `split`.
  func path(_ split: Split) -> String { split == .train ? train : test }

  /// The splits of `folder`; nil where it lacks one.
  ///
  /// - Throws: ``FileError`` when the folder cannot be read, or two subfolders may be the same split.
  init?(of folder: String) throws(FileError) {
    var found: [String] = []
    for name in try FileSystem.names(in: folder)
    where Self.isSplit(name) && FileSystem.isFolder(folder + "/" + name) {
      if !RunFolder.isRun(try FileSystem.names(in: folder + "/" + name)) { found.append(name) }
    }
    func only(_ names: [String], _ split: String) throws(FileError) -> String? {
      let those = found.filter { names.contains($0.lowercased()) }
      guard those.count < 2 else {
        throw FileError(
          folder, "'\(those[0])' and '\(those[1])' could both be the \(split) split; remove or rename one of them")
      }
      return those.first
    }
    let names = Self.testNames.first { names in found.contains { names.contains($0.lowercased()) } }
    guard let names, let train = try only(Self.trainNames, "training"), let test = try only(names, "test") else {
      return nil
    }
    (self.train, self.test) = (folder + "/" + train, folder + "/" + test)
    let others = found.filter { $0 != train && $0 != test }.map { "; '\($0)' is not used" }
    let isPlain = train == "train" && test == "test" && others.isEmpty
    notice =
      isPlain ? nil : "\(folder): '\(train)' is the training split and '\(test)' the test split\(others.joined())"
  }
}
