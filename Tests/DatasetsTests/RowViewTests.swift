import Datasets
import Testing

/// Crops, flips and degradations of the rows of a batch.
struct RowViewTests {
  /// `count` pictures of 6x5 whose pixels say where they lie: 40 row + column in "images", 100 more in "target".
  private func grid(_ count: Int, element: ColumnFormat.Element = .uint8) throws -> Dataset {
    let shape = SampleShape(channels: 1, height: 5, width: 6)
    let places = (0..<count).flatMap { _ in (0..<5).flatMap { row in (0..<6).map { UInt8(20 * row + $0) } } }
    let columns: [StoredColumn] =
      element == .uint8
      ? [.pictures(places, shape), .pictures(places.map { $0 + 100 }, shape, name: "target")]
      : [
        .pictures(places.map { Float($0) / 256 }, shape),
        .pictures(places.map { -Float($0) / 256 }, shape, name: "target"),
      ]
    return try Dataset(name: "grid", columns: columns + [.labels((0..<Int32(count)).map { $0 })])
  }

  private func bytes(_ batch: StoredBatch, _ name: String) -> [UInt8] {
    batch[name]?.withUnsafeBytes { Array($0) } ?? []
  }

  @Test func `a crop takes the same pixels out of all pictures of a row, from everywhere`() throws {
    let loader = try BatchLoader(grid(40), batchSize: 40, seed: 5, views: [RandomCrop(width: 3, height: 2)])
    let batch = try loader.next()
    #expect(batch["images"]?.format.shape == [2, 3, 1] && batch["target"]?.format == batch["images"]?.format)
    #expect(loader.columns.map(\.name) == ["images", "target", "classes"])
    let (images, targets) = (bytes(batch, "images"), bytes(batch, "target"))
    #expect(targets == images.map { $0 + 100 })
    var corners: Set<UInt8> = []
    for row in stride(from: 0, to: images.count, by: 6) {
      let corner = images[row]
      corners.insert(corner)
      #expect(Array(images[row..<(row + 6)]) == [0, 1, 2, 20, 21, 22].map { corner + $0 })
      #expect(corner / 20 <= 3 && corner % 20 <= 3)
    }
    #expect(corners.count > 10)
  }

  @Test func `a flip mirrors all pictures of a row or none, about half of the rows`() throws {
    let batch = try BatchLoader(grid(200), batchSize: 200, seed: 5, views: [HorizontalFlip()]).next()
    let (images, targets) = (bytes(batch, "images"), bytes(batch, "target"))
    #expect(targets == images.map { $0 + 100 })
    let plain = (0..<5).flatMap { row in (0..<6).map { UInt8(20 * row + $0) } }
    let mirrored = (0..<5).flatMap { row in (0..<6).map { UInt8(20 * row + 5 - $0) } }
    var flips = 0
    for row in 0..<200 {
      let found = Array(images[(row * 30)..<((row + 1) * 30)])
      #expect(found == plain || found == mirrored)
      flips += found == mirrored ? 1 : 0
    }
    #expect((70...130).contains(flips))
  }

  @Test func `floats are cropped and flipped like bytes`() throws {
    let views: [any RowView] = [RandomCrop(width: 4, height: 4), HorizontalFlip()]
    let (plain, wide) = try (
      BatchLoader(grid(30), batchSize: 30, seed: 8, views: views).next(),
      BatchLoader(grid(30, element: .float32), batchSize: 30, seed: 8, views: views).next()
    )
    let floats = try #require(wide["images"]).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    #expect(floats.map { UInt8($0 * 256) } == bytes(plain, "images"))
  }

  @Test(arguments: [1, 2, 7])
  func `a changed row depends on seed, batch and place alone`(prefetch: Int) throws {
    let views: [any RowView] = [RandomCrop(width: 3, height: 3), HorizontalFlip()]
    let data = try grid(30)
    func loader(seed: UInt64 = 4, _ first: Int = 0) throws -> BatchLoader {
      try BatchLoader(data, batchSize: 7, seed: seed, firstBatch: first, prefetch: prefetch, views: views)
    }
    let straight = try loader()
    let batches = try (0..<12).map { _ in bytes(try straight.next(), "images") }
    #expect(Set(batches).count == 12)
    #expect(try bytes(loader(9).next(), "images") == batches[9])
    let other = try loader()
    for number in [11, 3, 3, 0] {
      other.seek(to: number)
      #expect(try bytes(other.next(), "images") == batches[number])
    }
    #expect(try bytes(other.next(), "images") == batches[1])
    #expect(try bytes(loader(seed: 5).next(), "images") != batches[0])
  }

  @Test func `a view leaves the draws of another as they are`() throws {
    let data = try grid(20)
    let cropped = try BatchLoader(data, batchSize: 20, seed: 4, views: [RandomCrop(width: 1, height: 1)]).next()
    let flipped = try BatchLoader(
      data, batchSize: 20, seed: 4, views: [RandomCrop(width: 1, height: 1), HorizontalFlip()]
    ).next()
    // A picture of one pixel is its own mirror.
    #expect(bytes(cropped, "images") == bytes(flipped, "images"))
  }

  @Test func `downscaling is Pillow's bicubic resize`() throws {
    let folder = try TemporaryFolder()
    try folder.copy("pair.png", to: "pairs/train/1.png")
    try folder.copy("pair.png", to: "pairs/test/1.png")
    var options = folder.options
    options.sides = Sides(.bToA, layout: .halves)
    let pairs = try DataSource(folder.path + "/pairs").load(.train, options: options)
    #expect(pairs.shape == SampleShape(channels: 3, height: 40, width: 30))
    let batch = try BatchLoader(
      [Feed(pairs, columns: ["target": "target"], views: [BicubicDownscaling(factor: 2)])], batchSize: 1, seed: 1
    ).next()
    let expected = try DataSource(TemporaryFolder.fixture("Expected/pair-A-15x20.npy"))
      .load(.train, options: folder.options)
    #expect(batch["images"]?.format == expected.images.format)
    let difference = zip(bytes(batch, "images"), expected.allBytes).map { abs(Int($0) - Int($1)) }.max() ?? 9
    #expect(difference <= 1)
    #expect(bytes(batch, "target") == pairs["target"]?.withUnsafeBytes { Array($0) })
  }

  @Test func `a stretch is Pillow's bicubic resize of all pictures of a row`() throws {
    let folder = try TemporaryFolder()
    for split in ["train", "test"] { try folder.copy("pair.png", to: "pairs/\(split)/1.png") }
    var options = folder.options
    options.sides = Sides(.aToB, layout: .halves)
    let pairs = try DataSource(folder.path + "/pairs").load(.train, options: options)
    let batch = try BatchLoader(pairs, batchSize: 1, seed: 1, views: [Stretch(width: 44, height: 44)]).next()
    for (name, half) in [("images", "A"), ("target", "B")] {
      let expected = try DataSource(TemporaryFolder.fixture("Expected/pair-\(half)-44x44.npy"))
        .load(.train, options: folder.options)
      #expect(batch[name]?.format == expected.images.format)
      #expect((zip(bytes(batch, name), expected.allBytes).map { abs(Int($0) - Int($1)) }.max() ?? 9) <= 1)
    }
  }

  @Test func `views that do not suit the data are refused`() throws {
    let small = try grid(4)
    func refusal(_ views: any RowView..., data: Dataset? = nil) -> String? {
      sentence { _ = try BatchLoader(data ?? small, batchSize: 1, seed: 1, views: views) }
    }
    #expect(
      refusal(RandomCrop(width: 7, height: 2))?.contains("grid: a crop of 7x2 does not fit into pictures of 6x5")
        == true)
    #expect(refusal(BicubicDownscaling(factor: 2))?.contains("2 does not divide the sides of 6x5 pictures") == true)
    #expect(
      refusal(BicubicDownscaling(factor: 5), RandomCrop(width: 1, height: 1), data: try floor())?
        .contains("and those of 'target' are 5x5, those of 'images' 1x1") == true)
    #expect(
      refusal(Stretch(width: 9, height: 9), data: try grid(4, element: .float32))?
        .contains("a stretch takes pictures of bytes, and those of 'images' are float32") == true)
    let points = try Dataset(name: "points", columns: [.points([0, 0])])
    #expect(refusal(HorizontalFlip(), data: points)?.contains("points: a flip needs pictures") == true)
    #expect(
      refusal(BicubicDownscaling(factor: 2), data: points)?.contains("a column 'target' of byte pictures") == true)
  }

  private func floor() throws -> Dataset {
    let shape = SampleShape(channels: 1, height: 5, width: 5)
    return try Dataset(name: "a", columns: [.pictures([UInt8](repeating: 3, count: 25), shape, name: "target")])
  }
}
