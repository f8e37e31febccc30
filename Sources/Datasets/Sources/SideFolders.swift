import Files

/// The folders of sides A and B in a folder, known by their names in capitals or small letters:
///
/// - `A` and `B`, each with subfolders for its splits or without them; or `A` and `B` in the subfolder of each split.
///   No other pictures may lie beside them.
/// - `trainA`, `trainB`, `testA`, `testB`, the layout of CycleGAN's data sets (Zhu et al. 2017, arXiv:1703.10593);
///   `train_A` and `train-A` are the same.
struct SideFolders {
  /// Side A.
  let a: PicturePlace
  /// Side B.
  let b: PicturePlace
  /// Whether the names say that the sides are collections, whatever their pictures are called.
  let areCollections: Bool

  /// The sides of `folder`; nil if its subfolders have other names.
  ///
  /// - Throws: `FileError` if the folder cannot be read, or a side is missing in one of the splits.
  init?(of folder: String) throws(FileError) {
    if let (a, b) = try Self.joined(in: folder) {
      (self.a, self.b, areCollections) = (a, b, true)
      return
    }
    areCollections = false
    if let splits = try FolderSplits(of: folder), let train = try Self.letters(in: splits.train) {
      guard let test = try Self.letters(in: splits.test) else {
        throw FileError(
          splits.test, "the folder lacks subfolders 'A' and 'B', into which \(splits.train) is divided")
      }
      a = PicturePlace(train: train.a, test: test.a, notice: splits.notice)
      b = PicturePlace(train: train.b, test: test.b)
      return
    }
    guard let found = try Self.letters(in: folder) else { return nil }
    (a, b) = (try PicturePlace(found.a), try PicturePlace(found.b))
    guard (a.test == nil) == (b.test == nil) else {
      let (divided, other) = a.test == nil ? (found.b, found.a) : (found.a, found.b)
      throw FileError(other, "the folder lacks subfolders 'train' and 'test', into which \(divided) is divided")
    }
  }

  /// `A` and `B` in `folder`, if all its pictures lie in them, but for those that swift-gan wrote.
  private static func letters(in folder: String) throws(FileError) -> (a: String, b: String)? {
    let names = try subfolders(of: folder)
    guard let a = try only(names, in: folder, called: "a"), let b = try only(names, in: folder, called: "b") else {
      return nil
    }
    let sides = [a.pathBytes, b.pathBytes]
    let others = try PictureListing(folder).files.filter { file in
      file.group.map { !sides.contains($0.pathBytes) } ?? true
    }
    guard others.allSatisfy({ PNGMark(path: $0.path) != nil }) else { return nil }
    return (folder + "/" + a, folder + "/" + b)
  }

  /// `trainA` and `trainB` in `folder`, with `testA` and `testB` if they are there.
  private static func joined(in folder: String) throws(FileError) -> (a: PicturePlace, b: PicturePlace)? {
    let names = try subfolders(of: folder)
    func both(_ words: [String]) throws(FileError) -> (a: String, b: String)? {
      func side(_ letter: String) throws(FileError) -> String? {
        for word in words { if let found = try only(names, in: folder, called: word + letter) { return found } }
        return nil
      }
      let (a, b) = (try side("a"), try side("b"))
      guard let a, let b else {
        guard let one = a ?? b else { return nil }
        throw FileError(folder, "there is a subfolder '\(one)', but none for the other side, \(a == nil ? "A" : "B")")
      }
      return (folder + "/" + a, folder + "/" + b)
    }
    guard let train = try both(FolderSplits.trainNames) else { return nil }
    for words in FolderSplits.testNames {
      guard let test = try both(words) else { continue }
      return (PicturePlace(train: train.a, test: test.a), PicturePlace(train: train.b, test: test.b))
    }
    return (PicturePlace(train: train.a, test: nil), PicturePlace(train: train.b, test: nil))
  }

  private static func subfolders(of folder: String) throws(FileError) -> [String] {
    try FileSystem.names(in: folder).filter { !$0.hasPrefix(".") && FileSystem.isFolder(folder + "/" + $0) }
  }

  /// The name among `names` that is `wanted` but for capitals, hyphens and underscores.
  private static func only(
    _ names: [String], in folder: String, called wanted: String
  ) throws(FileError) -> String? {
    let those = names.filter { $0.lowercased().filter { $0 != "_" && $0 != "-" } == wanted }
    guard those.count < 2 else {
      throw FileError(
        folder, "'\(those[0])' and '\(those[1])' could both be the same side; remove or rename one of them")
    }
    return those.first
  }
}
