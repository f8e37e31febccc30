import Files
import Pictures

extension DataSource {
  /// MNIST or Fashion-MNIST.
  func idxSet(_ name: String, _ split: Split, _ options: LoadOptions, directory: String?) throws -> Dataset {
    let folder = try located(name, directory: directory, options)
    let images = try IDXNames.images(in: folder, split: split)
    guard let labels = IDXNames.labels(besides: images) else {
      throw FileError(images, "no label file was found next to the pictures")
    }
    return try idx(images, labels: labels, split, options, classNames: Self.classNames[name])
  }

  /// An IDX file of pictures, with the labels beside it where there are any.
  func idxFile(_ path: String, _ split: Split, _ options: LoadOptions) throws -> Dataset {
    let images = IDXNames.counterpart(of: path, split: split)
    let isWhole = IDXNames.counterpart(of: path, split: .train) == IDXNames.counterpart(of: path, split: .test)
    let notices =
      isWhole && options.mentionsSplits
      ? ["\(path): the other split has no file; both splits are this file"] : []
    return try idx(images, labels: IDXNames.labels(besides: images), split, options, classNames: nil, notices: notices)
  }

  private func idx(
    _ images: String, labels: String?, _ split: Split, _ options: LoadOptions, classNames: [String]?,
    notices: [String] = []
  ) throws -> Dataset {
    let files = [images] + (labels.map { [$0] } ?? [])
    return try converted(
      key: "IDX\n" + FileStamp.lines(files.map(FileSystem.absolute)), split, options, notices: notices
    ) {
      try IDXPictures(
        images: IDXFile(images), labels: labels.map { try IDXFile($0) }, name: description, classNames: classNames
      ).samples()
    }
  }

  /// CIFAR-10.
  func cifar10(_ split: Split, _ options: LoadOptions, directory: String?) throws -> Dataset {
    let set = CIFAR10(folder: try located("cifar10", directory: directory, options), name: description)
    let key = "CIFAR-10\n" + FileStamp.lines(try set.files(split).map(FileSystem.absolute))
    return try converted(key: key, split, options) { try set.samples(split) }
  }

  /// A folder of pictures. The classes of both splits are those of the training split, so that a class has one number.
  func pictures(_ path: String, _ split: Split, _ options: LoadOptions) throws -> Dataset {
    let splits = try FolderSplits(of: path)
    let part = splits?.path(split) ?? path
    var folder = try PictureFolder(part, options: options)
    var notices =
      splits.map { [$0.notice].compactMap(\.self) }
      ?? (options.mentionsSplits
        ? ["\(path): no subfolders 'train' and 'test'; both splits are the whole folder"] : [])
    var classes: [String]?
    if options.classesFromFolders {
      let isTest = split == .test && splits != nil
      let names = isTest ? try PictureFolder(splits?.train ?? path, options: options).groups : folder.groups
      try folder.keep(classes: names)
      classes = names
      for name in names where splits == nil && FolderSplits.isSplit(name) {
        notices.append(
          "\(path): '\(name)' counts as a class; subfolders 'train' and 'test' (or 'val') would be two splits")
      }
    }
    let files = folder.files.map { "\($0.path): \($0.stamp)" } + folder.unreadable.map(\.description)
    let key =
      "pictures, decoding \(Picture.decoding), \(FileSystem.absolute(part)), "
      + "classes \(classes?.joined(separator: "/") ?? "none")\(conversion(options))\n"
      + files.joined(separator: "\n")
    return try DecodedCache(options: options).dataset(key: key, split: split, notices: notices + folder.notices) {
      try FolderSamples(folder, classes: classes, name: description, options: options)
    }
  }

  /// A folder of pictures of two halves.
  func pairs(_ path: String, _ direction: SideDirection, _ split: Split, _ options: LoadOptions) throws -> Dataset {
    let splits = try FolderSplits(of: path)
    let part = splits?.path(split) ?? path
    var folder = try PictureFolder(part, options: options)
    let notice = try splits.map { $0.notice } ?? folder.keep(split)
    let files = folder.files.map { "\($0.path): \($0.stamp)" } + folder.unreadable.map(\.description)
    let key =
      "pairs \(direction.rawValue), decoding \(Picture.decoding), \(FileSystem.absolute(part))\(conversion(options))\n"
      + files.joined(separator: "\n")
    let notices = [notice, PicturePairs.doubt(folder, size: options.size)].compactMap(\.self) + folder.notices
    return try DecodedCache(options: options).dataset(key: key, split: split, notices: notices) {
      try PicturePairs(folder, direction, name: description, options: options)
    }
  }

  /// An `.npy` file: mapped as it is where nothing is to be changed.
  func npyFile(_ path: String, _ split: Split, _ options: LoadOptions) throws -> Dataset {
    let samples = try NPYFile(path).samples(name: description)
    let notices = options.mentionsSplits ? ["\(path): the file has no splits; both are the whole file"] : []
    guard changes(samples.description.shape, options) else {
      let fingerprint = KeptFinding(options: options)(
        "fingerprint", of: FileStamp.lines([FileSystem.absolute(path)])
      ) { ContentHash.fingerprint(samples.columns) }
      return try Dataset(
        name: description, split: split, columns: samples.columns, notices: notices,
        warnings: [NPYFile.rangeWarning(samples, path: path)].compactMap(\.self), fingerprint: fingerprint)
    }
    guard samples.description.columns.allSatisfy({ $0.format.element == .uint8 }) else {
      throw FileError(path, "size and channels of a float array cannot be changed; save it as uint8")
    }
    return try converted(key: "npy\n" + FileStamp.lines([FileSystem.absolute(path)]), split, options, notices: notices)
    { samples }
  }

  /// Samples of one size from the cache, or decoded, converted to what `options` ask for and put there.
  func converted<Samples: SampleProducer>(
    key: String, _ split: Split, _ options: LoadOptions, notices: [String] = [], producer: () throws -> Samples
  ) throws -> Dataset {
    try DecodedCache(options: options).dataset(
      key: "\(description), \(key)\(conversion(options))", split: split, notices: notices
    ) {
      let samples = try producer()
      return changes(samples.description.shape, options) ? ConvertedSamples(samples, options: options) : samples
    }
  }

  private func changes(_ shape: SampleShape, _ options: LoadOptions) -> Bool {
    options.size.map { $0 != (shape.width, shape.height) } ?? false
      || options.channels.map { $0 != shape.channels } ?? false
  }

  private func conversion(_ options: LoadOptions) -> String {
    (options.size.map { "\nsize \($0.width)x\($0.height)" } ?? "") + (options.channels.map { "\nchannels \($0)" } ?? "")
  }

  private func located(_ name: String, directory: String?, _ options: LoadOptions) throws -> String {
    try NamedSets.locate(
      name, directory: directory, environment: options.environment, cache: options.cacheFolder,
      progress: options.downloadProgress)
  }

  private static let classNames: [String: [String]] = [
    "mnist": (0...9).map(String.init),
    "fashion-mnist": [
      "T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
    ],
  ]
}
