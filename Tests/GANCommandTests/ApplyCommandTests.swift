import Foundation
import GAN
import Testing

/// `gan apply` as a process.
@Suite(.serialized) struct ApplyCommandTests {
  /// A folder with "g.safetensors", a translator of colour, and "in" with pictures of odd sizes: "a.png" (16 bits), "b.png"
  /// (opacity) and "c.png" (grey).
  private func workplace() throws -> Workplace {
    let place = try Workplace()
    try ModelFile.write(translator(blocks: 1), to: place.path + "/g.safetensors")
    try FileManager.default.createDirectory(atPath: place.path + "/in", withIntermediateDirectories: true)
    func write(_ name: String, hasColor: Bool, hasOpacity: Bool, _ values: (Int) -> StoredPicture.Values) throws {
      let count = 13 * 9 * ((hasColor ? 3 : 1) + (hasOpacity ? 1 : 0))
      try StoredPicture(
        width: 13, height: 9, hasColor: hasColor, hasOpacity: hasOpacity, values: values(count)
      ).write(to: place.path + "/in/" + name)
    }
    try write("a.png", hasColor: true, hasOpacity: false) { .words((0..<$0).map { UInt16($0 * 100) }) }
    try write("b.png", hasColor: true, hasOpacity: true) { .bytes((0..<$0).map { UInt8($0 / 2) }) }
    try write("c.png", hasColor: false, hasOpacity: false) { .bytes((0..<$0).map { UInt8($0) }) }
    return place
  }

  private func translator(blocks: Int) throws -> Translator {
    let format = ColumnFormat.pictures(SampleShape(channels: 3, height: 8, width: 8))
    let description = TranslatorDescription(
      .cycleGAN(blocks: blocks, sampling: .strided), baseWidth: 1, norm: .instance, dropout: 0)
    return try Translator(StateDict(random: RandomGenerator(seed: 1)), description, from: format, to: format)
  }

  private func read(_ place: Workplace, _ name: String) throws -> StoredPicture {
    try StoredPicture(contentsOf: place.path + "/" + name)
  }

  @Test func aFolderBecomesAFolder() throws {
    let place = try workplace()
    let outcome = try place.gan("apply", "g.safetensors", "in/", "--out", "out/")
    #expect(outcome.status == 0 && outcome.output.isEmpty, "\(outcome.error)")
    #expect(outcome.error.contains("3 pictures in out"))
    #expect(try place.names(in: "out") == ["a.png", "b.png", "c.png"])
    let (a, b, c) = (try read(place, "out/a.png"), try read(place, "out/b.png"), try read(place, "out/c.png"))
    #expect(a.values.depth == 16 && a.width == 13 && a.height == 9)
    #expect(b.hasOpacity && b.values.depth == 8 && c.hasColor)
    guard case .bytes(let made) = b.values, case .bytes(let given) = try read(place, "in/b.png").values else { return }
    #expect(stride(from: 3, to: made.count, by: 4).allSatisfy { made[$0] == given[$0] })
    #expect(made != given)
  }

  /// A file with nothing but the tensors, under the names that CycleGAN's authors publish.
  @Test func aFileOfPublishedNamesNeedsNoMetadata() throws {
    let place = try workplace()
    let model = try translator(blocks: 6)
    try ModelFile.write(model, to: place.path + "/own.safetensors")
    let tensors = model.state.entries.map { SafetensorsWriter.Item($0.name, $0.tensor) }
    try SafetensorsWriter.write(tensors, metadata: [:], to: place.path + "/latest_net_G.safetensors")
    for name in ["own", "latest_net_G"] {
      let outcome = try place.gan("apply", "\(name).safetensors", "in/a.png", "--out", "\(name).png")
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    #expect(try read(place, "own.png") == read(place, "latest_net_G.png"))
  }

  @Test func onePictureBecomesAFile() throws {
    let place = try workplace()
    let outcome = try place.gan("apply", "g.safetensors", "in/c.png", "--out", "c.png", "--quiet")
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    #expect(place.has("c.png"))
    let several = try place.gan("apply", "g.safetensors", "in/c.png", "in/a.png", "--out", "d.png")
    #expect(several.status == 2 && several.error.contains("there are 2 pictures, and a .png file holds one"))
    let other = try place.gan("apply", "g.safetensors", "in/c.png", "--out", "d.jpg")
    #expect(other.status == 2 && other.error.contains("cannot write .jpg files"))
  }

  @Test func picturesThatAreThereStay() throws {
    let place = try workplace()
    #expect(try place.gan("apply", "g.safetensors", "in/c.png", "--out", "out/").status == 0)
    try place.write("mine", to: "out/a.png")
    let refused = try place.gan("apply", "g.safetensors", "in", "--out", "out")
    #expect(refused.status == 1 && refused.error.contains("out/a.png: 2 pictures are there already"))
    #expect(try place.data("out/a.png") == Data("mine".utf8) && !place.has("out/b.png"))
    #expect(try place.gan("apply", "g.safetensors", "in", "--out", "out", "--force").status == 0)
    #expect(try read(place, "out/a.png").values.depth == 16)
    // Not even then is a picture replaced by what is made of it.
    let itself = try place.gan("apply", "g.safetensors", "in", "--out", "in", "--force")
    #expect(itself.status == 1 && itself.error.contains("in/a.png: this is one of the pictures to apply the model to"))
  }

  @Test func whatCannotBeReadIsCountedAndNamed() throws {
    let place = try workplace()
    try place.write("no picture", to: "in/broken.png")
    let outcome = try place.gan("apply", "g.safetensors", "in", "--out", "out")
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("3 pictures in out"))
    #expect(
      outcome.error.contains("1 of 4 could not be done:\n  in/broken.png: this is neither a PNG nor a JPEG picture"))
    // What a folder lists and does not have counts, too, even if nobody wants to hear of progress.
    try FileManager.default.createSymbolicLink(
      atPath: place.path + "/in/gone.png", withDestinationPath: "nowhere.png")
    let dangling = try place.gan("apply", "g.safetensors", "in", "--out", "out", "--force", "--quiet")
    #expect(
      dangling.status == 1 && dangling.error.contains("2 of 5 could not be done:\n  in/gone.png: "), "\(dangling.error)"
    )
    try FileManager.default.removeItem(atPath: place.path + "/in/gone.png")
    let alone = try place.gan("apply", "g.safetensors", "in/broken.png", "--out", "none", "--json")
    #expect(alone.status == 1 && !place.has("none"))
    #expect(try place.lines(Data(alone.output.utf8)).first?["error"] as? String != nil)
  }

  @Test func aLineOfJSONAPicture() throws {
    let place = try workplace()
    let outcome = try place.gan("apply", "g.safetensors", "in", "--out", "out", "--json")
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let lines = try place.lines(Data(outcome.output.utf8))
    #expect(lines.compactMap { $0["output"] as? String } == ["out/a.png", "out/b.png", "out/c.png"])
    #expect(lines.allSatisfy { $0["width"] as? Int == 13 && $0["height"] as? Int == 9 && $0["seconds"] is Double })
  }

  @Test func whatCannotBeIsRefusedBeforeAnyWork() throws {
    let place = try workplace()
    func refusal(_ status: Int32, _ arguments: String...) throws -> String {
      let outcome = try GanProcess(["apply", "g.safetensors"] + arguments, in: place.path).end()
      #expect(outcome.status == status, "\(outcome.error)")
      #expect(!place.has("out"))
      return outcome.error
    }
    #expect(try refusal(1, "missing.png", "--out", "out").contains("missing.png: there is no such picture"))
    #expect(try refusal(1, "in", "--out", "g.safetensors/").contains("g.safetensors is a file, not a folder"))
    #expect(try refusal(2, "in", "--out", "out", "--tile", "130").contains("as 128 or 132, not 130"))
    #expect(try refusal(2, "in", "--out", "out", "--tile", "many").contains("a number of pixels, or auto"))
    #expect(try refusal(2, "in", "--out", "out", "--direction", "b-to-a").contains("translates one way only"))
    #expect(try refusal(2, "in", "--out", "out", "--direction", "up").contains("a-to-b"))
    try FileManager.default.createDirectory(atPath: place.path + "/more", withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: place.path + "/in/a.png", toPath: place.path + "/more/a.png")
    #expect(try refusal(2, "in", "more", "--out", "out").contains("would both become out/a.png"))
    #expect(try place.train("--steps", "1", "--quiet").status == 0)
    let drawing = try place.gan("apply", "run", "in", "--out", "out")
    #expect(drawing.status == 2 && drawing.error.contains("'gan sample run'"), "\(drawing.error)")
  }

  @Test func aModelOfBothWaysIsAppliedEitherWay() throws {
    let place = try workplace()
    let format = ColumnFormat.pictures(SampleShape(channels: 3, height: 8, width: 8))
    let description = TranslatorDescription(
      .cycleGAN(blocks: 1, sampling: .strided), baseWidth: 1, norm: .instance, dropout: 0, translatesBack: true)
    let model = try Translator(StateDict(random: RandomGenerator(seed: 2)), description, from: format, to: format)
    try ModelFile.write(model, to: place.path + "/both.safetensors")
    for (direction, name) in [(nil, "usual.png"), ("a-to-b", "there.png"), ("b-to-a", "back.png")] {
      let option = direction.map { ["--direction", $0] } ?? []
      let outcome = try GanProcess(
        ["apply", "both.safetensors", "in/b.png", "--out", name] + option, in: place.path
      ).end()
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    #expect(try read(place, "usual.png") == read(place, "there.png"))
    #expect(try read(place, "usual.png") != read(place, "back.png"))
  }

  @Test func tilesGiveTheSizeOfThePicture() throws {
    let place = try workplace()
    try StoredPicture(
      width: 301, height: 150, hasColor: true, hasOpacity: false,
      values: .bytes((0..<(301 * 150 * 3)).map { UInt8(truncatingIfNeeded: $0 / 50) })
    ).write(to: place.path + "/wide.png")
    let outcome = try place.gan("apply", "g.safetensors", "wide.png", "--out", "tiled.png", "--tile", "128")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try read(place, "tiled.png").width == 301)
  }
}
