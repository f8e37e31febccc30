import Files

/// The folders in which pictures to learn from and pictures to be judged on lie.
struct PicturePlace {
  /// The folder of those to learn from.
  let train: String
  /// The folder of the others; nil: the last fifth of `train` by name is held out.
  let test: String?
  /// What was taken for what, if the names of the folders do not say it.
  let notice: String?

  init(train: String, test: String?, notice: String? = nil) {
    (self.train, self.test, self.notice) = (train, test, notice)
  }

  /// `folder` with its subfolders for splits, if it has them.
  init(_ folder: String) throws(FileError) {
    let splits = try FolderSplits(of: folder)
    self.init(train: splits?.train ?? folder, test: splits?.test, notice: splits?.notice)
  }

  /// The folder that holds `split`.
  func path(_ split: Split) -> String { split == .train ? train : test ?? train }

  /// The pictures of `split`.
  ///
  /// - Throws: `FileError` if there are none, or one picture alone is to be split.
  func pictures(_ split: Split, _ options: LoadOptions) throws(FileError) -> PictureFolder {
    var folder = try PictureFolder(path(split), options: options)
    if test == nil { folder.files = try HeldOut.part(folder.files, split, of: train) }
    return folder
  }
}

/// Which samples are held out if nothing else tells the splits: the last fifth.
enum HeldOut {
  /// The rows of `split` among `count` samples.
  ///
  /// - Throws: `FileError` with `path` if there are fewer than two.
  static func rows(_ count: Int, _ split: Split, of path: String) throws(FileError) -> Range<Int> {
    guard count > 1 else {
      throw FileError(
        path,
        "one picture cannot be split into training and test data: give two or more, or subfolders 'train' and 'test'")
    }
    let first = count - max(count / 5, 1)
    return split == .train ? 0..<first : first..<count
  }

  /// Those of `all` that are of `split`.
  static func part<Element>(_ all: [Element], _ split: Split, of path: String) throws(FileError) -> [Element] {
    Array(all[try rows(all.count, split, of: path)])
  }
}
