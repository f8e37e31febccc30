import Datasets
import Files
import Pictures
import Samples
import Torch

/// The pictures of two folders that belong together: those of equal names below their folders, whatever the names end in.
public struct FolderPairs: Sendable {
  /// A sample and what it should have been.
  public struct Pair: Sendable {
    /// The name of both below their folders, without its ending.
    public let name: String
    /// The sample's file.
    public let sample: String
    /// The target's file.
    public let target: String
    /// What both are compared as: in colour if either is.
    public let shape: SampleShape
  }

  /// The pairs, in the byte order of their names.
  public let pairs: [Pair]
  /// The folder of the targets, by the last part of its path.
  public let name: String
  /// How pictures were brought to one size, in words; "none" where they are compared as they are.
  public var resize: String { size.map { "stretched (bicubic) to \($0.width)x\($0.height)" } ?? "none" }
  private let size: (width: Int, height: Int)?

  /// Finds the pairs and reads the headers of all pictures.
  ///
  /// - Parameter size: what all pictures are stretched to; nil to compare them as they are.
  /// - Throws: `FileError` when a folder or a picture cannot be read; ``MetricError`` when pictures have no partner, or, where no
  ///   size is given, another size than theirs.
  public init(_ samples: String, targets: String, size: (width: Int, height: Int)? = nil) throws {
    let (made, wanted) = (try Self.pictures(samples), try Self.pictures(targets))
    let alone = [(samples, made, wanted), (targets, wanted, made)].compactMap { folder, own, others in
      Self.list(own.keys.filter { others[$0] == nil }, in: folder)
    }
    guard alone.isEmpty else {
      throw MetricError(
        "pictures are compared by their names without endings, and some have no partner: "
          + alone.joined(separator: "; "))
    }
    pairs = try made.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.compactMap { name in
      guard let sample = made[name], let target = wanted[name] else { return nil }
      return Pair(name: name, sample: sample, target: target, shape: try Self.shape(sample, target, size))
    }
    self.name = targets.split(separator: "/").last.map(String.init) ?? targets
    self.size = size
  }

  /// The metrics of `catalogue` that compare pair by pair and suit all pairs.
  ///
  /// - Parameter palette: the colours of the targets, where they are label maps.
  public func suited(palette: Palette?, from catalogue: MetricCatalogue = .standard) -> SuitedMetrics {
    let least = pairs.map { min($0.shape.height, $0.shape.width) }.min() ?? 0
    let catalogue = MetricCatalogue(catalogue.metrics.filter { $0.pairMeasure != nil })
    return SuitedMetrics("pairs of '\(name)'", count: pairs.count, kind: .pictures, from: catalogue) { need in
      switch need {
      case .pictures, .pairs: true
      case .sides(let side): least >= side
      case .labelMaps: palette != nil
      default: false
      }
    }
  }

  /// The colours of the targets; nil if they are no label maps.
  ///
  /// - Throws: `FileError` for a picture that cannot be decoded.
  public func palette() throws -> Palette? {
    let step = max(1, pairs.count / 48)
    let channels = pairs.map(\.shape.channels).max() ?? 3
    return try Palette(
      stride(from: 0, to: pairs.count, by: step).prefix(48).map { place in
        let shape = pairs[place].shape
        return try tensor(
          pairs[place].target, SampleShape(channels: channels, height: shape.height, width: shape.width))
      })
  }

  /// Compares the pairs one by one.
  ///
  /// - Parameters:
  ///   - metrics: metrics of pairs that suit them.
  ///   - progress: gets the number of pairs that are done.
  /// - Throws: `FileError` for a picture that cannot be decoded; ``MetricError`` with the names of a pair.
  public func judged(
    by metrics: [Metric], palette: Palette?, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> PairJudgement {
    let measured = try metrics.map { metric in
      guard let measure = metric.pairMeasure, let extractor = metric.extractor?(pairs[0].shape) else {
        throw MetricError("\(metric) does not compare pair by pair, as l1, psnr, ssim and perceptual do")
      }
      return (metric: metric, extractor: extractor, tally: PairTally(try measure(palette)))
    }
    var hash = SHA256()
    for (place, pair) in pairs.enumerated() {
      let targets = try tensor(pair.target, pair.shape)
      let compared = DerivedSamples(try tensor(pair.sample, pair.shape), targets: targets)
      hash.update("\(pair.shape)\n".utf8)
      targets.contiguous().withUnsafeBytes { hash.update($0) }
      do {
        for part in measured { try part.tally.add(compared) }
      } catch let error as MetricError {
        throw MetricError("\(pair.sample) and \(pair.target): \(error)")
      }
      progress(place + 1, pairs.count)
    }
    return PairJudgement(
      scores: measured.map { ($0.metric, $0.tally.score, $0.extractor) },
      worst: measured.first.map { worst($0.tally.values, by: $0.metric) } ?? [], fingerprint: hash.finish())
  }

  private func worst(_ values: [Double], by metric: Metric) -> [(name: String, value: Double)] {
    let places = values.indices.filter { !values[$0].isNaN }
      .sorted { metric.isBetter(values[$1], than: values[$0]) }
    return places.prefix(WorstPairs.limit).map { (name: pairs[$0].name, value: values[$0]) }
  }

  /// A picture `[1, C, H, W]` in [-1, 1].
  private func tensor(_ path: String, _ shape: SampleShape) throws -> Tensor {
    let picture = try Picture(contentsOf: path).converted(toChannels: shape.channels)
    guard (picture.width, picture.height) != (shape.width, shape.height) else {
      return picture.pixels.withUnsafeBytes { PictureDomain(shape).tensor($0, count: 1) }
    }
    guard size != nil else {
      throw FileError(
        path, "the picture changed while it was compared: it has \(picture.width)x\(picture.height) pixels")
    }
    var row = [UInt8](repeating: 0, count: shape.elementCount)
    return row.withUnsafeMutableBytes { row in
      picture.stretch(
        PixelArea(left: 0, top: 0, width: picture.width, height: picture.height), width: shape.width,
        height: shape.height, into: row)
      return PictureDomain(shape).tensor(UnsafeRawBufferPointer(row), count: 1)
    }
  }
}

/// What a comparison of two folders found.
public struct PairJudgement {
  /// The metrics' scores in the order in which they were asked for, and what they rest on.
  public let scores: [(metric: Metric, score: Score, extractor: ExtractorInfo)]
  /// The pairs of which the first metric says the worst, the worst one first.
  public let worst: [(name: String, value: Double)]
  /// SHA-256, in hexadecimal, of the targets' pixels.
  public let fingerprint: String
}

extension FolderPairs {
  /// The pictures in a folder by their names below it, without endings.
  private static func pictures(_ folder: String) throws -> [String: String] {
    var path = folder
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    guard FileSystem.isFolder(path) else { throw FileError(folder, "there is no such folder of pictures") }
    let listing = try PictureListing(path)
    if let unreadable = listing.unreadable.first { throw FileError(unreadable.path, unreadable.reason) }
    guard !listing.files.isEmpty else { throw FileError(folder, "the folder holds no PNG or JPEG pictures") }
    var found: [String: String] = [:]
    for file in listing.files {
      let below = file.path.dropFirst(path.count + 1)
      let name = String(below[..<(below.lastIndex(of: ".") ?? below.endIndex)])
      if let other = found[name] { throw FileError(file.path, "\(other) has the same name but for its ending") }
      found[name] = file.path
    }
    return found
  }

  /// The first few names, and how many there are; nil where there are none.
  private static func list(_ names: [String], in folder: String) -> String? {
    guard !names.isEmpty else { return nil }
    let shown = names.sorted().prefix(3).map { "'\($0)'" }.joined(separator: ", ")
    return "\(names.count) only in \(folder): \(shown)" + (names.count > 3 ? ", ..." : "")
  }

  private static func shape(_ sample: String, _ target: String, _ size: (width: Int, height: Int)?) throws
    -> SampleShape
  {
    let headers = try [sample, target].map { path in
      try MappedFile(path).withBytes { bytes in try PictureHeader(bytes, path: path) }
    }
    let (made, wanted) = (headers[0].shownSize, headers[1].shownSize)
    guard size != nil || made == wanted else {
      throw MetricError(
        "\(sample) is \(made.width)x\(made.height), and \(target) is \(wanted.width)x\(wanted.height): the two of a pair "
          + "must have one size; --size \(wanted.width)x\(wanted.height) brings all pictures to one")
    }
    return SampleShape(
      channels: headers.allSatisfy(\.isGrey) ? 1 : 3, height: size?.height ?? wanted.height,
      width: size?.width ?? wanted.width)
  }
}
