import Foundation
import Testing

@Suite(.serialized) struct SampleCommandTests {
  private static let start = 128

  @Test func everyFormShowsTheSamePictures() throws {
    let place = try Workplace()
    #expect(try place.train("--steps", "3").status == 0)
    let file = "run/generator.safetensors"
    #expect(try place.gan("sample", "run", "--count", "9", "--out", "a.npy", "--latents", "z.npy").status == 0)
    #expect(try place.gan("sample", file, "--count", "9", "--out", "b.npy", "--batch", "2").status == 0)
    let (a, b) = (try place.data("a.npy"), try place.data("b.npy"))
    #expect(a.count == Self.start + 9 * 144 && b.count == a.count)
    #expect(a.prefix(10).elementsEqual([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]))
    #expect(zip(a, b).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    #expect(try place.data("z.npy").count == Self.start + 9 * 8 * 4)

    #expect(try place.gan("sample", "run", "--count", "9", "--out", "c.npy", "--seed", "2").status == 0)
    #expect(try place.data("c.npy") != a)
    #expect(try place.gan("sample", "run", "--count", "9", "--out", "grid.png").status == 0)
    #expect(try place.data("grid.png").prefix(4).elementsEqual([0x89, 0x50, 0x4e, 0x47]))
    #expect(try place.gan("sample", "run", "--count", "9", "--out", "folder").status == 0)
    #expect(try place.names(in: "folder") == (0..<9).map { "00000\($0).png" })
    // The folder, read as a data set, holds the array's pixels.
    #expect(try place.gan("data", "folder", "--export", "d.npy").status == 0)
    #expect(try place.data("d.npy").suffix(9 * 144) == a.suffix(9 * 144))
  }

  @Test(arguments: [
    ("s.jpg", 2, "cannot write samples as .jpg; name a .png"), ("s.NPZ", 2, "cannot write samples as .npz"),
    ("s.gif", 2, "or a folder of PNG files"), ("run/recipe.json", 2, "cannot write samples as .json"),
    ("/dev/full", 1, "/dev/full: this is a file where a folder is needed"),
    ("run", 1, "run: this folder holds files that 'gan sample' did not write"),
    ("plain", 1, "plain: this is a file where a folder is needed"),
    ("nowhere/s.png", 1, "nowhere/s.png: there is no folder nowhere"),
    ("taken.png/x.png", 1, "is a file, not a folder"),
  ])
  func whatCannotBeWrittenIsRefused(out: String, status: Int, words: String) throws {
    let place = try Workplace()
    #expect(try place.train("--steps", "1").status == 0)
    for name in ["plain", "taken.png"] { try place.write("mine", to: name) }
    let outcome = try place.gan("sample", "run", "--count", "2", "--out", out)
    #expect(outcome.status == Int32(status) && outcome.error.contains(words), "\(outcome.error)")
    #expect(!outcome.error.contains("Error Domain") && !outcome.error.contains("NSError"))
    #expect(try place.data("plain") == Data("mine".utf8) && place.data("taken.png") == Data("mine".utf8))
  }

  @Test func extensionsCountInAnyCase() throws {
    let place = try Workplace()
    #expect(try place.train("--steps", "1").status == 0)
    for out in ["S.PNG", "S.Npy", "run-v1.2", "shots.png/"] {
      #expect(try place.gan("sample", "run", "--count", "2", "--out", out).status == 0)
    }
    #expect(try place.data("S.PNG").prefix(4).elementsEqual([0x89, 0x50, 0x4e, 0x47]))
    #expect(try place.data("S.Npy").count == Self.start + 2 * 144)
    for folder in ["run-v1.2", "shots.png"] { #expect(try place.names(in: folder) == ["000000.png", "000001.png"]) }
  }

  @Test(arguments: ["--latents", "--labels"]) func arraysEndInNpy(option: String) throws {
    let place = try Workplace()
    #expect(try place.train("--steps", "1").status == 0)
    for (name, status, words) in [
      ("z.npz", 2, "needs a file name ending in .npy"), ("no/z.npy", 1, "there is no folder no"),
    ] {
      let outcome = try place.gan("sample", "run", option, name)
      #expect(outcome.status == Int32(status) && outcome.error.contains(words), "\(outcome.error)")
      #expect(!place.has("samples.png"))
    }
  }

  @Test func rejectionKeepsSomeOfWhatIsDrawn() throws {
    let place = try Workplace()
    #expect(try place.train("--steps", "2").status == 0)
    let all = try place.gan("sample", "run", "--count", "400", "--out", "all.npy", "--latents", "z.npy")
    #expect(all.status == 0, "\(all.error)")
    let some = try place.gan(
      "sample", "run", "--count", "50", "--rejection", "0.5", "--out", "some.npy", "--latents", "kept.npy")
    #expect(some.status == 0, "\(some.error)")
    // Each latent that was kept is one of those of all draws, in their order.
    let (drawn, kept) = (try place.data("z.npy").dropFirst(128), try place.data("kept.npy").dropFirst(128))
    let size = drawn.count / 400
    #expect(kept.count == 50 * size)
    func row(_ bytes: Data, _ index: Int) -> Data { Data(bytes.dropFirst(index * size).prefix(size)) }
    let places = (0..<50).map { index in (0..<400).first { row(Data(drawn), $0) == row(Data(kept), index) } }
    #expect(places.allSatisfy { $0 != nil } && places.compactMap(\.self) == places.compactMap(\.self).sorted())
    #expect(Set(places.compactMap(\.self)).count == 50)
    for (words, message) in [
      (["run", "--rejection", "0"], "--rejection needs a share from 0.01 to 1"),
      (["run/generator.safetensors", "--rejection", "0.5"], "--rejection needs a run"),
    ] {
      let refused = try GanProcess(["sample"] + words, in: place.path).end()
      #expect(refused.status == 2 && refused.error.contains(message), "\(refused.error)")
    }
  }

  @Test func aFolderHoldsThePicturesOfOneCall() throws {
    let place = try Workplace()
    #expect(try place.train("--steps", "1").status == 0)
    #expect(try place.gan("sample", "run", "--count", "9", "--out", "gen").status == 0)
    let first = try place.data("gen/000000.png")
    let refused = try place.gan("sample", "run", "--count", "4", "--seed", "2", "--out", "gen")
    #expect(refused.status == 1 && refused.error.contains("already holds 9 pictures"), "\(refused.error)")
    #expect(try place.names(in: "gen").count == 9 && place.data("gen/000000.png") == first)
    // A full disk, which takes no sentence either, leaves what was there and nothing else.
    let full = try place.gan(
      "sample", "run", "--count", "4", "--seed", "2", "--out", "gen", "--force", shell: "trap '' XFSZ; ulimit -f 0")
    #expect(full.status == 1)
    #expect(try place.names(in: "gen").count == 9 && place.data("gen/000000.png") == first)
    #expect(try place.gan("sample", "run", "--out", "new", shell: "trap '' XFSZ; ulimit -f 0").status == 1)
    #expect(!place.has("new"))
    #expect(try place.gan("sample", "run", "--count", "4", "--seed", "2", "--out", "gen", "--force").status == 0)
    #expect(try place.names(in: "gen") == (0..<4).map { "00000\($0).png" } && place.data("gen/000000.png") != first)
    // Pictures of one's own can have such names.
    let photo = try place.data("gen/000002.png")
    try place.removeMark(from: "gen/000002.png")
    let mine = try place.gan("sample", "run", "--count", "4", "--out", "gen", "--force")
    #expect(mine.status == 1 && mine.error.contains("such as 000002.png"), "\(mine.error)")
    try photo.write(to: URL(fileURLWithPath: place.path + "/gen/000002.png"))
    try place.write("mine", to: "gen/notes.txt")
    let other = try place.gan("sample", "run", "--count", "4", "--out", "gen", "--force")
    #expect(other.status == 1 && other.error.contains("such as notes.txt"), "\(other.error)")
    #expect(try place.names(in: "gen").count == 5)
  }

  @Test func whatNobodyNamedIsNotOverwritten() throws {
    let place = try Workplace()
    #expect(try place.train("--steps", "1").status == 0)
    try place.write("mine", to: "samples.png")
    for picture in ["samples-2.png", "samples-3.png"] {
      let outcome = try place.gan("sample", "run", "--count", "4")
      #expect(outcome.status == 0 && outcome.error.contains("4 pictures in \(picture)"), "\(outcome.error)")
      #expect(place.has(picture))
    }
    #expect(try place.data("samples.png") == Data("mine".utf8))
    #expect(try place.gan("sample", "run", "--count", "4", "--out", "samples.png").status == 0)
    #expect(try place.data("samples.png") == place.data("samples-2.png"))
  }

  @Test func aRunThatHasSavedNothingSaysSo() throws {
    let place = try Workplace()
    let process = try place.startTraining("--steps", "1000000", "--checkpoint-every", "1000000")
    try process.wait { place.hasStarted() }
    for command in ["sample", "evaluate"] {
      let outcome = try place.gan(command, "run")
      #expect(outcome.status == 1 && outcome.error.contains("run has saved no model yet"), "\(outcome.error)")
      #expect(outcome.error.contains("every 1000000 steps"))
    }
    process.send(SIGTERM)
    #expect(try process.end().status == 143)
    #expect(try place.gan("sample", "run").status == 0)
  }

  @Test func aClassIsDrawnByNumberOrRefused() throws {
    let place = try Workplace()
    let game = ["cdcgan", "--data", "digits", "--batch", "8", "--threads", "1", "--set", "base_width=4"]
    #expect(try GanProcess(["train", "--steps", "2", "--out", "run"] + game, in: place.path).end().status == 0)
    func pictures(_ name: String) throws -> Data {
      let outcome = try place.gan("sample", "run", "--class", name, "--count", "3", "--out", "\(name).npy")
      #expect(outcome.status == 0, "\(outcome.error)")
      return try place.data("\(name).npy")
    }
    #expect(try pictures("7") != pictures("8"))
    #expect(try place.gan("sample", "run", "--count", "30", "--out", "all.npy", "--labels", "y.npy").status == 0)
    let drawn = Set(try place.labels("y.npy"))
    #expect(drawn.count > 3 && drawn.isSubset(of: Set(0..<10)))
    #expect(try place.gan("sample", "run", "--count", "12", "--out", "grid.png", "--labels", "y.npy").status == 0)
    #expect(try place.labels("y.npy") == (0..<12).map { $0 % 10 })
    let unknown = try place.gan("sample", "run", "--class", "ten", "--count", "3", "--out", "ten.npy")
    #expect(unknown.status != 0 && unknown.error.contains("there is no class 'ten'"), "\(unknown.error)")
    #expect(!place.has("ten.npy"))
  }

  @Test func aGeneratorWithoutClassesHasNoneToWrite() throws {
    let place = try Workplace()
    #expect(try place.train("--steps", "1").status == 0)
    let outcome = try place.gan("sample", "run", "--out", "s.npy", "--labels", "y.npy")
    #expect(outcome.status == 2 && outcome.error.contains("was trained without class labels"), "\(outcome.error)")
    #expect(!place.has("y.npy") && !place.has("s.npy"))
  }

  /// 9 x 8 latents, of which a third lies beyond 1 when nothing is cut off.
  @Test func truncationLimitsTheLatentsAndChangesThePictures() throws {
    let place = try Workplace()
    #expect(try place.train("--steps", "1").status == 0)
    func latents(_ arguments: String...) throws -> [Float] {
      let outcome = try GanProcess(
        ["sample", "run", "--count", "9", "--out", "s.npy", "--latents", "z.npy"] + arguments, in: place.path
      ).end()
      #expect(outcome.status == 0, "\(outcome.error)")
      return try place.data("z.npy").dropFirst(Self.start).withUnsafeBytes { bytes in
        stride(from: 0, to: bytes.count, by: 4).map { bytes.loadUnaligned(fromByteOffset: $0, as: Float.self) }
      }
    }
    let free = try latents()
    let pictures = try place.data("s.npy")
    let cut = try latents("--truncation", "0.5")
    #expect(free.count == 72 && free.contains { abs($0) > 1 })
    #expect(cut.count == 72 && cut.allSatisfy { abs($0) <= 0.5 } && cut.contains { abs($0) > 0.4 })
    #expect(try place.data("s.npy") != pictures)
  }

  @Test(arguments: ["0", "-1", "nan", "inf"]) func aTruncationThatLeavesNothingIsRefused(value: String) throws {
    let place = try Workplace()
    let outcome = try place.gan("sample", "run", "--truncation", value)
    #expect(outcome.status == 2 && outcome.error.contains("--truncation needs a number"), "\(outcome.error)")
  }
}

extension Workplace {
  /// The whole numbers of an .npy file of int32.
  fileprivate func labels(_ name: String) throws -> [Int32] {
    try data(name).dropFirst(128).withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: 4).map { bytes.loadUnaligned(fromByteOffset: $0, as: Int32.self) }
    }
  }
}
