import Files
import Pictures

extension DataSource {
  /// The samples of `split` with their targets: pairs, or a collection and its ``Dataset/counterpart``.
  ///
  /// - Parameter data: another split, whose size and channels these take; nil if there is none.
  /// - Throws: what ``load(_:options:)`` does, and ``DataError`` if the source has one side only.
  func translation(_ split: Split, _ sides: Sides, _ options: LoadOptions, like data: Dataset?) throws -> Dataset {
    switch try found(sides.layout, options) {
    case .single(let why):
      throw DataError(
        "\(self) holds single pictures: \(why). A translation needs two sides: pictures of two halves (layout=halves says "
          + "that these are some), subfolders 'A' and 'B' with equal names, subfolders 'trainA' and 'trainB', or two sources"
      )
    case .pairs(let how, let places):
      let format = PairFormat(sides.direction, options, like: data)
      let found = try pairs(how, places, split, format, options)
      return try found.with(
        enlarged: largerSize(sides, found, split).map { try pairs(how, places, split, format.sized($0), options) })
    case .collections(let a, let b):
      var fitted = options
      (fitted.sides, fitted.mentionsSplits) = (nil, false)
      if let data { (fitted.size, fitted.channels) = ((data.shape.width, data.shape.height), data.shape.channels) }
      let (source, target) = sides.direction == .aToB ? (a, b) : (b, a)
      return try collections(source, target, split, fitted, sides)
    }
  }

  private func pairs(
    _ how: Arrangement.Pairs, _ places: [PicturePlace], _ split: Split, _ format: PairFormat, _ options: LoadOptions
  ) throws -> Dataset {
    let (train, test) = try PairListing.splits(places, options)
    let listing = split == .train ? train : test
    let all = (train.files + test.files).flatMap(\.self)
    let sizes = PictureSizes.of(all, options)
    let own = how == .halves ? sizes.first?.half : sizes.first
    let (count, held) = (train.files.count + test.files.count, test.files.count)
    let size = sizes.isCommon ? own.map { ", \($0)" } ?? "" : ""
    let isLast = places[0].test == nil ? "the last " : ""
    var notices = places.compactMap(\.notice)
    notices.append(
      "\(self): \(count) \(Arrangement.pairs(how))\(size); \(count - held) to train on, \(isLast)\(held) held out")
    if let own, let wanted = format.size, let first = all.first, wanted.isStretched(from: own) {
      let part = how == .halves ? "each half of it" : "it"
      notices.append("\(first.path): the picture is \(sizes.first ?? own), and \(part) is stretched to \(wanted)")
    }
    let paths = places.map { FileSystem.absolute($0.path(split)) }.joined(separator: "\n")
    let key =
      "\(Arrangement.pairs(how)), \(format.key), decoding \(Picture.decoding)\n\(paths)\n"
      + ([listing.files.flatMap(\.self).stamps] + listing.unreadable.map(\.description)).joined(separator: "\n")
    return try DecodedCache(options: options).dataset(key: key, split: split, notices: notices + listing.notices) {
      try PicturePairs(listing, format, name: description, threads: options.threads)
    }
  }

  private func collections(
    _ source: PictureCollection, _ target: PictureCollection, _ split: Split, _ options: LoadOptions, _ sides: Sides
  ) throws -> Dataset {
    var (from, into) = (try source.load(split, options), try target.load(split, options))
    var notices: [String] = []
    if from.shape.channels != into.shape.channels {
      notices.append("\(self): the pictures of one side are grey; they become colour, as the other side is")
      var coloured = options
      coloured.channels = 3
      (from, into) = (try source.load(split, coloured), try target.load(split, coloured))
    }
    guard from.shape == into.shape else {
      throw DataError(
        "\(self): both sides need one size, and \(from.name) has \(from.shape.width)x\(from.shape.height), \(into.name) "
          + "\(into.shape.width)x\(into.shape.height); choose one, as in --size 64x64")
    }
    func pictures(_ data: Dataset) -> String { data.count == 1 ? "one picture" : "\(data.count) pictures" }
    func last(_ side: PictureCollection) -> String { side.isDivided ? "" : " (the last fifth)" }
    notices.append(
      split == .train
        ? "\(self): collections: \(pictures(from)) to translate, \(pictures(into)) to translate into"
        : "\(self): held out: \(pictures(from)) to translate\(last(source)), \(pictures(into)) to translate into"
          + last(target))
    func enlarged(_ side: PictureCollection, _ data: Dataset) throws -> Dataset? {
      try largerSize(sides, data, split).map { size in
        var larger = options
        (larger.size, larger.channels) = ((size.width, size.height), data.shape.channels)
        return try side.load(split, larger)
      }
    }
    into = into.with(enlarged: try enlarged(target, into))
    return try Dataset(
      name: description, split: split, columns: from.columns, unreadable: from.unreadable + into.unreadable,
      notices: notices + from.notices + into.notices, warnings: from.warnings + into.warnings, counterpart: into,
      fingerprint: from.fingerprint
    ).with(enlarged: enlarged(source, from))
  }

  /// The size in which the pictures of `data` are loaded, too; nil if they are not.
  private func largerSize(_ sides: Sides, _ data: Dataset, _ split: Split) -> PictureSize? {
    split == .train && data.element == .uint8 ? sides.enlarged(data.shape).map(PictureSize.init) : nil
  }
}
