import GAN
import TestFixtures
import Testing

/// Models applied to pictures of any size and depth.
@Suite struct AppliedModelTests {
  private func picture(
    _ width: Int, _ height: Int, hasColor: Bool = true, hasOpacity: Bool = false, depth: Int = 8
  ) throws -> StoredPicture {
    let count = width * height * ((hasColor ? 3 : 1) + (hasOpacity ? 1 : 0))
    let numbers = (0..<count).map { $0 &* 2_654_435_761 >> 9 }
    return try StoredPicture(
      width: width, height: height, hasColor: hasColor, hasOpacity: hasOpacity,
      values: depth == 16
        ? .words(numbers.map { UInt16(truncatingIfNeeded: $0) }) : .bytes(numbers.map { UInt8(truncatingIfNeeded: $0) })
    )
  }

  private func applied(
    inputs: Int = 3, outputs: Int = 3, tile: TileSize = .auto, _ translate: @escaping (Images) -> Images
  ) -> AppliedModel {
    AppliedModel(
      inputs: inputs, outputs: outputs, Tiling(factor: 4, leastSide: 8, bytesPerPixel: 100, tile), translate,
      parts: { _ in translate })
  }

  private func translator(_ description: TranslatorDescription, side: Int = 64) throws -> Translator {
    let format = ColumnFormat.pictures(SampleShape(channels: 3, height: side, width: side))
    return try Translator(StateDict(random: RandomGenerator(seed: 7)), description, from: format, to: format)
  }

  private static let networks = [
    TranslatorDescription(.cycleGAN(blocks: 2, sampling: .strided), baseWidth: 4, norm: .instance, dropout: 0),
    TranslatorDescription(.unet(depth: 5), baseWidth: 4, norm: .batch, dropout: 0.5),
  ]

  @Test(arguments: [(1, 1), (5, 3), (70, 90), (200, 131)], [8, 16])
  func aModelThatChangesNothingGivesTheSameValues(size: (Int, Int), depth: Int) throws {
    for tile in [TileSize.auto, .pixels(128)] {
      let model = applied(tile: tile) { $0 }
      for hasOpacity in [false, true] {
        let picture = try picture(size.0, size.1, hasOpacity: hasOpacity, depth: depth)
        #expect(try model(picture) == picture)
      }
    }
  }

  @Test func aProfileStaysWhereItDescribesTheResult() throws {
    var bytes = [UInt8](repeating: 0, count: 256)
    bytes.replaceSubrange(16..<20, with: "RGB ".utf8)
    let profile = try #require(ColorProfile(bytes))
    let plain = try picture(9, 5)
    let picture = try StoredPicture(
      width: 9, height: 5, hasColor: true, hasOpacity: false, values: plain.values, profile: profile)
    #expect(try applied { $0 }(picture).profile == profile)
    #expect(try applied { $0 }(plain).profile == nil)
    // Of colour a model of one output channel makes grey, which the profile says nothing of.
    let grey = applied(outputs: 1) { Images($0.tensor.slice(1, from: 0, count: 1)) }
    #expect(try grey(picture).profile == nil)
  }

  @Test(arguments: [8, 16]) func everyLevelSurvives(depth: Int) throws {
    let values: StoredPicture.Values = depth == 16 ? .words(Array(0...UInt16.max)) : .bytes(Array(0...UInt8.max))
    let picture = try StoredPicture(
      width: depth == 16 ? 256 : 16, height: depth == 16 ? 256 : 16, hasColor: false, hasOpacity: false, values: values)
    #expect(try applied(inputs: 1, outputs: 1) { $0 }(picture) == picture)
  }

  @Test(arguments: networks) func aSizeThatTheNetworkTakesIsTheForwardPass(description: TranslatorDescription) throws {
    let translator = try translator(description)
    let picture = try picture(96, 64)
    guard case .bytes(let bytes) = picture.values else { return }
    let domain = PictureDomain(SampleShape(channels: 3, height: 64, width: 96))
    let input = bytes.withUnsafeBytes { Images(domain.tensor($0, count: 1)) }
    let plain = domain.stored(translator(Batch(count: 1).with(.images, input))[.target].tensor)
    let result = try AppliedModel(translator)(picture)
    #expect(result.values == .bytes(plain.withUnsafeBytes { Array($0) }))
    // What fits in one tile is not tiled.
    #expect(try AppliedModel(translator, tiles: .pixels(128))(picture) == result)
  }

  @Test(arguments: networks) func anySizeGoes(description: TranslatorDescription) throws {
    let model = try AppliedModel(translator(description), tiles: .pixels(128))
    for (width, height) in [(1, 1), (3, 200), (131, 97), (300, 260)] {
      let result = try model(picture(width, height, hasOpacity: true))
      #expect(result.width == width && result.height == height && result.hasOpacity)
    }
  }

  /// Means of 15x15 pixels, outside of which are zeros: what lies at the edge of a tile alone is wrong by half of it.
  @Test func noSeamIsVisible() throws {
    func blurred(_ tile: TileSize) throws -> [Int] {
      let model = applied(tile: tile) { Images($0.tensor.averagePooled([15, 15], stride: [1, 1], padding: [7, 7])) }
      guard case .bytes(let bytes) = try model(picture(400, 300)).values else { return [] }
      return bytes.map { Int($0) }
    }
    let (whole, tiled) = (try blurred(.auto), try blurred(.pixels(128)))
    #expect(zip(whole, tiled).allSatisfy { abs($0 - $1) <= 1 })
    #expect(Set(whole).count > 10)
  }

  /// A picture with faint noise in its left half: by statistics of its own that is content.
  @Test(arguments: networks) func tilesOfAPictureShareStatistics(description: TranslatorDescription) throws {
    var description = description
    description.inference = .asInTraining
    let translator = try translator(description)
    let (width, height) = (384, 256)
    let noise = Tensor.hashed("noise", [width * height * 3]).array(of: Float.self)
    let bytes = noise.enumerated().map { index, value in
      UInt8(128 + value * (index / 3 % width < width / 2 ? 8 : 120))
    }
    let picture = try StoredPicture(
      width: width, height: height, hasColor: true, hasOpacity: false, values: .bytes(bytes))
    func values(_ model: AppliedModel) throws -> [Int] {
      guard case .bytes(let bytes) = try model(picture).values else { return [] }
      return bytes.map { Int($0) }
    }
    func distance(_ one: [Int], _ other: [Int]) -> Double {
      Double(zip(one, other).reduce(0) { $0 + abs($1.0 - $1.1) }) / Double(one.count)
    }
    let whole = try values(AppliedModel(translator))
    let shared = try values(AppliedModel(translator, tiles: .pixels(128)))
    let own = try values(
      applied(tile: .pixels(128)) { translator(Batch(count: 1).with(.images, $0))[.target] })
    #expect(distance(shared, whole) < 0.6 * distance(own, whole))
  }

  @Test func samplesComeFromEachQuarterOfThePicture() throws {
    func samples(_ width: Int, _ height: Int, measuresTiles: Bool = true) throws -> [[Int]] {
      let tiling = Tiling(
        factor: 4, leastSide: 8, bytesPerPixel: 100, measuresTiles: measuresTiles, .pixels(128))
      let (rows, columns) = try tiling.axes(width: width, height: height)
      return tiling.samples(rows, columns).map { [$0.top, $0.left] }
    }
    #expect(try samples(1000, 600) == [[84, 184], [84, 684], [384, 184], [384, 684]])
    #expect(try samples(256, 101) == [[-1, 0], [-1, 128]])
    #expect(try samples(1000, 600, measuresTiles: false).isEmpty)
    #expect(try samples(100, 100).count == 1)
  }

  @Test func tilesAreReportedAndNoLargerThanAsked() throws {
    var (sizes, reported): ([[Int]], [Int]) = ([], [])
    let model = applied(tile: .pixels(128)) {
      sizes.append($0.tensor.shape)
      return $0
    }
    _ = try model(picture(300, 100)) { done, total in
      #expect(total == 4)
      reported.append(done)
    }
    #expect(sizes == Array(repeating: [1, 3, 100, 128], count: 4) && reported == [1, 2, 3, 4])
  }

  @Test func memoryDecidesOnTiles() throws {
    func axes(_ megabytes: Int, _ width: Int, _ height: Int) throws -> (rows: TiledAxis, columns: TiledAxis) {
      var tiling = Tiling(factor: 4, leastSide: 8, bytesPerPixel: 1000, .auto)
      tiling.memory = megabytes * 1_000_000
      return try tiling.axes(width: width, height: height)
    }
    let whole = try axes(1500, 1000, 1000)
    #expect(whole.rows.side == 1000 && whole.columns.starts == [0])
    let tiled = try axes(1499, 1000, 1000)
    #expect(tiled.rows.side == 996 && tiled.rows.starts.count == 2)
    let fault = #expect(throws: TrainingError.self) { try axes(24, 1000, 1000) }
    #expect(
      fault?.description
        == "one tile of 128x128 pixels would take 16 MB of memory, more than two thirds of the 24 MB that are free")
  }

  @Test func greyIsGivenToModelsOfColourAndBack() throws {
    let grey = try picture(9, 7, hasColor: false)
    guard case .bytes(let values) = grey.values else { return }
    let colour = try applied { $0 }(grey)
    #expect(colour.hasColor && colour.values == .bytes(values.flatMap { [$0, $0, $0] }))
    // A picture that is stored in colour and has none is grey enough.
    #expect(try applied(inputs: 1, outputs: 1) { $0 }(colour) == grey)
    let fault = #expect(throws: TrainingError.self) {
      try applied(inputs: 1, outputs: 3) { Images(.concatenated([$0.tensor, $0.tensor, $0.tensor], axis: 1)) }(
        picture(9, 7))
    }
    #expect(fault?.description == "the picture has colour, and the model takes grey pictures; convert it to grey")
  }

  @Test func whatIsNotANumberIsAnError() throws {
    let fault = #expect(throws: TrainingError.self) {
      try applied { Images($0.tensor * .infinity - .infinity) }(picture(8, 8))
    }
    #expect(fault?.description.contains("not a finite number") == true)
  }

  @Test func modelsThatCannotBeAppliedSaySo() throws {
    let unet = try translator(Self.networks[1])
    for (side, words) in [(96, "as 128, not 96"), (150, "as 128 or 160, not 150")] {
      let fault = #expect(throws: TrainingError.self) { try AppliedModel(unet, tiles: .pixels(side)) }
      #expect(fault?.description.contains(words) == true, "\(fault?.description ?? "")")
    }
    let format = ColumnFormat.pictures(SampleShape(channels: 5, height: 64, width: 64))
    let deep = try Translator(
      StateDict(random: RandomGenerator(seed: 7)), Self.networks[0], from: format, to: format)
    let fault = #expect(throws: TrainingError.self) { try AppliedModel(deep) }
    #expect(fault?.description.contains("makes pictures of 5 channels of those of 5") == true)
  }
}
