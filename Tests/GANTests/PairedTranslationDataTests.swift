import Foundation
import GAN
import Testing

/// What a game of pairs makes of its data: previews, batches, and how it is judged.
@Suite struct PairedTranslationDataTests {
  /// Source, translation in inference and truth, of held-out pairs.
  @Test func aPreviewShowsHeldOutPairs() throws {
    let game = try TinyPix2Pix.game(["norm=batch"], side: 16, dtype: .float32)
    let (data, heldOut) = (try TinyPix2Pix.pairs(side: 16), try TinyPix2Pix.pairs(side: 16, count: 2, first: 20))
    let shown = try game.preview(data, heldOut: heldOut, seed: 1)
    let sources = try heldOut.samples(0..<2)
    let made = game.generator(Batch(count: 2).with(.images, Images(sources)))[.target].tensor
    let truths = try heldOut.ofSamples("target").samples(0..<2)
    let cells = [0, 1].flatMap { row in [sources, made, truths].map { $0[row..<(row + 1)] } }
    let expected = try PictureDomain(heldOut.shape).preview(.concatenated(cells), over: nil, columns: 9)
    #expect(
      shown.content == expected.content && shown.caption == "Left to right: source, result, truth, then the next.")
    #expect(try game.preview(data, heldOut: nil, seed: 1) != shown)
  }

  @Test func itsPairsAreJitteredTogether() throws {
    let data = try TinyPix2Pix.pairs(side: 16, count: 40)
    func first(_ assignments: [String]) throws -> StoredBatch {
      try BatchLoader(try TinyPix2Pix.game(assignments, side: 16).feeds(of: data), batchSize: 40, seed: 1).next()
    }
    let (plain, jittered) = (try first(["jitter=1", "flip=false"]), try first(["flip=false"]))
    for batch in [plain, jittered] {
      #expect(batch.columns.map(\.name) == ["images", "target"])
      let (sources, targets) = (bytes(batch, "images"), bytes(batch, "target"))
      // A negative stays one wherever it is cut, to the rounding of the filter's two passes.
      #expect(zip(sources, targets).allSatisfy { abs(Int($0) + Int($1) - 255) <= 3 })
      #expect(sources.count == 40 * 256)
    }
    #expect(bytes(plain, "images") != bytes(jittered, "images"))
    #expect(try bytes(first(["jitter=1"]), "images") != bytes(plain, "images"))
  }

  @Test func picturesAreCutOutOfLargerOnesWhereThereAreSome() throws {
    try withFolder { folder in
      try writePairs(to: folder + "/pairs", side: 32, count: 5)
      let recipe = try TinyPix2Pix.recipe(["flip=false", "layout=halves"])
      var options = LoadOptions()
      (options.cacheFolder, options.sides, options.size) = (folder + "/cache", recipe.sides, (16, 16))
      let data = try DataSource(folder + "/pairs").load(.train, options: options)
      let enlarged = try #require(data.enlarged)
      #expect((enlarged.shape.width, enlarged.count) == (18, data.count))
      let cut = bytes(
        try BatchLoader(recipe.makeGame(for: data, seed: 1).feeds(of: data), batchSize: 1, seed: 1).next(), "images")
      #expect(cut.count == data.bytesPerSample)
      // Every line of a crop is a part of a line of a larger picture.
      let whole = enlarged.images.withUnsafeBytes { Array($0) }
      let line = cut.prefix(data.bytesPerSample / 16)
      #expect((0...(whole.count - line.count)).contains { whole[$0..<($0 + line.count)].elementsEqual(line) })
      for other in ["jitter=1", "jitter=1.5"] {
        let game = try TinyPix2Pix.recipe(["layout=halves", other]).makeGame(for: data, seed: 1)
        let batch = try BatchLoader(game.feeds(of: data), batchSize: 1, seed: 1).next()
        #expect(bytes(batch, "images").count == data.bytesPerSample)
      }
    }
  }

  private func bytes(_ batch: StoredBatch, _ name: String) -> [UInt8] {
    batch.columns.first { $0.name == name }?.withUnsafeBytes { Array($0) } ?? []
  }

  @Test func heldOutPairsJudgeARun() throws {
    try withFolder { folder in
      try writePairs(to: folder + "/pairs", side: 16, count: 20)
      var settings = RunSettings(data: folder + "/pairs", threads: 1)
      settings.judging.every = 1
      let recipe = try TinyPix2Pix.recipe(["direction=b-to-a", "layout=halves"])
      var options = settings.loadOptions
      options.sides = recipe.sides
      options.cacheFolder = folder + "/cache"
      let source = try DataSource(settings.data)
      let data = try source.load(.train, options: options)
      let heldOut = try source.load(.test, like: data, options: options)
      #expect((data.count, heldOut.count) == (16, 4))
      let trainer = try Trainer(
        recipe, data: data, heldOut: heldOut, run: try .create(folder + "/run"), settings: settings)
      var found: [MetricRecord] = []
      try trainer.run(until: .steps(1)) { event in
        if case .evaluated(let evaluation) = event { found = evaluation.metrics }
        return .continue
      }
      let names = found.map(\.metric)
      #expect(["fid", "psnr", "ssim", "l1"].allSatisfy(names.contains), "\(names)")
      let l1 = try #require(found.first { $0.metric == "l1" })
      let made = try PictureDomain(data.shape).rounded(
        withoutGradient {
          (trainer.game.product(Batch(count: 4).with(.images, Images(try heldOut.samples(0..<4))))[.target]).tensor
        })
      let truths = try heldOut.ofSamples("target").samples(0..<4)
      #expect(abs(l1.value - (made - truths).abs().mean().item) < 1e-6)
      // The reference of distances is what translations should be, not what they start from.
      #expect(found[0].dataFingerprint == (try data.ofSamples("target").fingerprint))
      #expect(try data.ofSamples("images").fingerprint != data.ofSamples("target").fingerprint)
      // What is recorded loads the same pairs again.
      #expect(
        try RunRecord.read(folder + "/run/recipe.json").recipe.sides
          == Sides(.bToA, layout: .halves, enlargement: 286.0 / 256))
      #expect(FileManager.default.fileExists(atPath: folder + "/run/model.safetensors"))
    }
  }

  /// Coloured pictures of two halves without swift-gan's mark.
  private func writePairs(to folder: String, side: Int, count: Int) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for index in 0..<count {
      let pixels = (0..<(2 * side * side * 3)).map {
        UInt8(truncatingIfNeeded: (($0 + 997 * index) &* 2_654_435_761) >> 13)
      }
      let path = folder + "/\(100 + index).png"
      try Picture(width: 2 * side, height: side, channels: 3, pixels: pixels).write(to: path)
      var png = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
      if let mark = png.firstRange(of: Array("Software".utf8)) { png[mark.lowerBound] = UInt8(ascii: "s") }
      try Data(png).write(to: URL(fileURLWithPath: path))
    }
  }
}
