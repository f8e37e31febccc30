import Files

/// What games of image translation learn from: which side of their data is the source, how pictures are varied, and the
/// weights that they begin with.
public struct TranslationInput: Sendable, Equatable {
  /// Which side is the source.
  public var direction = SideDirection.aToB
  /// How the sides lie in their folder.
  public var layout = SideLayout.auto
  /// How many times as large pictures are of which random parts of their former size are cut; 1 for no jitter.
  public var jitter = 286.0 / 256
  /// Whether half of the pictures are mirrored.
  public var flip = true
  /// The file of a translator whose weights the generator begins with; nil for drawn ones.
  public var startFrom: String?

  /// pix2pix's and CycleGAN's jitter: 286 pixels for 256, half of all pictures mirrored.
  public init() {}

  /// The settings, in the order in which people are shown them.
  static let settings: [Setting<TranslationInput>] = [
    .choice("direction", \.direction),
    .choice("layout", \.layout),
    .number("jitter", \.jitter, 1...2),
    .truth("flip", \.flip),
    .path("start_from", \.startFrom, "the file of a translator"),
  ]

  /// The sides that are loaded.
  var sides: Sides { Sides(direction, layout: layout, enlargement: jitter) }

  /// The formats of sources and targets, in pairs or not.
  ///
  /// - Throws: ``TrainingError`` for data of one kind of pictures.
  func sides(of data: Dataset, for name: String) throws(TrainingError) -> (source: ColumnFormat, target: ColumnFormat) {
    if let formats = Self.formats(of: data) { return formats }
    throw TrainingError(
      "\(name) translates from one collection of pictures to another, and \(data.name) has one: give two with --from DIR --to "
        + "DIR, or a folder with trainA and trainB, or with A and B")
  }

  /// The formats of sources and targets, in pairs or not; nil for data that lack one of them.
  static func formats(of data: Dataset) -> (source: ColumnFormat, target: ColumnFormat)? {
    guard let source = data[Field.images.name]?.format else { return nil }
    guard let target = data[Field.target.name]?.format ?? data.counterpart?[Field.images.name]?.format else {
      return nil
    }
    return (source, target)
  }

  /// Pairs, varied alike: stretched, cut at a random place, and mirrored or not (Isola et al. 2017, section 6.2).
  func pairs(of data: Dataset) throws(DataError) -> [Feed] {
    let columns = [Field.images.name, Field.target.name]
    return [try feed(data, Dictionary(uniqueKeysWithValues: columns.map { ($0, $0) }))]
  }

  /// Sources and targets in orders of their own, each varied by itself, be they two collections or the two sides of pairs.
  func collections(of data: Dataset) throws(DataError) -> [Feed] {
    let (images, target) = (Field.images.name, Field.target.name)
    let targets = data.counterpart ?? data
    return [
      try feed(data, [images: images]),
      try feed(targets, [data.counterpart == nil ? target : images: target]),
    ]
  }

  /// The columns of `data`, varied: cut out of larger pictures where the set has them, else out of stretched ones.
  private func feed(_ data: Dataset, _ columns: [String: String]) throws(DataError) -> Feed {
    guard let size = sides.enlarged(data.shape) else {
      return try Feed(data, columns: columns, views: flip ? [HorizontalFlip()] : [])
    }
    // Larger ones that were loaded for another jitter are of no use.
    let enlarged = data.enlarged.flatMap { ($0.shape.width, $0.shape.height) == size ? $0 : nil }
    var views: [any RowView] = enlarged == nil ? [Stretch(width: size.width, height: size.height)] : []
    views.append(RandomCrop(width: data.shape.width, height: data.shape.height))
    if flip { views.append(HorizontalFlip()) }
    return try Feed(enlarged ?? data, columns: columns, views: views)
  }

  /// Throws when pictures of these formats cannot be translated into each other, or not be varied.
  func validate(_ name: String, from source: ColumnFormat, to target: ColumnFormat) throws(TrainingError) {
    guard source.kind == .pictures, target.kind == .pictures, source.shape.count == 3, target.shape.count == 3 else {
      throw TrainingError(
        "\(name) translates pictures, and these are rows of \(source.kind.rawValue) \(source.shape) with targets of "
          + "\(target.kind.rawValue) \(target.shape)")
    }
    guard source.shape.prefix(2) == target.shape.prefix(2) else {
      throw TrainingError(
        "\(name) translates pictures into ones of their size, not \(source.shape[1])x\(source.shape[0]) into "
          + "\(target.shape[1])x\(target.shape[0])")
    }
    if jitter > 1, source.element != .uint8 || target.element != .uint8 {
      throw TrainingError("jitter stretches pictures of bytes, and these are floats: set jitter=1")
    }
  }

  /// Throws when a residual generator takes no pictures of such sides.
  static func validateResidual(_ name: String, height: Int, width: Int) throws(TrainingError) {
    guard [height, width].allSatisfy({ $0.isMultiple(of: 4) && $0 >= 8 }) else {
      throw TrainingError(
        "\(name) takes pictures whose sides are multiples of 4 from 8 on, and these have \(width)x\(height): load them with "
          + "--size \(max(8, width / 4 * 4))x\(max(8, height / 4 * 4))")
    }
  }

  /// Throws when pictures of so many pixels are too small for a PatchGAN of `layers` convolutions of stride 2.
  static func validate(discriminatorLayers layers: Int, height: Int, width: Int) throws(TrainingError) {
    let (least, side) = (3 << layers, min(height, width))
    guard side < least else { return }
    let most = (side / 3).bitWidth - (side / 3).leadingZeroBitCount - 1
    throw TrainingError(
      "discriminator_layers=\(layers) takes pictures of \(least)x\(least) pixels or more, and these have "
        + "\(width)x\(height): set discriminator_layers=\(max(most, 1)) or load them larger")
  }

  /// Gives `generator` the weights of the file that it is to begin with, if there is one: those of both directions, or of the
  /// direction that the file has.
  ///
  /// - Throws: `FileError` when the file holds another network.
  func begin(_ generator: Translator) throws {
    guard let startFrom else { return }
    guard let begun = try ModelFile.read(startFrom, .standard) as? Translator else {
      throw FileError(startFrom, "this is no translator of pictures")
    }
    for direction in begun.directions where generator.directions.contains(direction) {
      let (given, own) = (try begun.oneWay(direction), try generator.oneWay(direction))
      guard given.channels == own.channels else {
        throw FileError(
          startFrom,
          "it makes pictures of \(given.channels.target) channels of those of \(given.channels.source), and the data have "
            + "\(own.channels.target) and \(own.channels.source)")
      }
      do {
        try own.state.copy(from: given.state)
      } catch {
        throw FileError(
          startFrom,
          "it holds another network than the recipe's, which --start-from makes that of the file: change no setting of the "
            + "network besides (\(error))")
      }
    }
  }
}
