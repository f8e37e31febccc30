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

  /// Whether the test split of the IDX file at `path` has a file of its own.
  static func isDivided(idx path: String) -> Bool {
    IDXNames.counterpart(of: path, split: .train) != IDXNames.counterpart(of: path, split: .test)
  }

  /// An IDX file of pictures, with the labels beside it where there are any.
  func idxFile(_ path: String, _ split: Split, _ options: LoadOptions) throws -> Dataset {
    let images = IDXNames.counterpart(of: path, split: split)
    let notices =
      !Self.isDivided(idx: path) && options.mentionsSplits
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
    return try folder.samples(at: part, classes: classes, name: description, split, options, notices: notices)
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
      key: "\(description), \(key)\(options.conversion)", split: split, notices: notices
    ) {
      let samples = try producer()
      return changes(samples.description.shape, options) ? ConvertedSamples(samples, options: options) : samples
    }
  }

  private func changes(_ shape: SampleShape, _ options: LoadOptions) -> Bool {
    options.size.map { $0 != (shape.width, shape.height) } ?? false
      || options.channels.map { $0 != shape.channels } ?? false
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

extension PictureFolder {
  /// The pictures of this folder, decoded, or from the cache.
  ///
  /// - Parameters:
  ///   - path: the folder's.
  ///   - classes: the classes in the order of their labels, if subfolders are classes.
  func samples(
    at path: String, classes: [String]?, name: String, _ split: Split, _ options: LoadOptions, notices: [String]
  ) throws -> Dataset {
    let key =
      "pictures, decoding \(Picture.decoding), \(FileSystem.absolute(path)), "
      + "classes \(classes?.joined(separator: "/") ?? "none")\(options.conversion)\n"
      + ([files.stamps] + unreadable.map(\.description)).joined(separator: "\n")
    return try DecodedCache(options: options).dataset(key: key, split: split, notices: notices + self.notices) {
      try FolderSamples(self, classes: classes, name: name, options: options)
    }
  }
}

extension LoadOptions {
  /// Lines that tell pictures in the size and channels asked for from others.
  fileprivate var conversion: String {
    (size.map { "\nsize \($0.width)x\($0.height)" } ?? "") + (channels.map { "\nchannels \($0)" } ?? "")
  }
}
