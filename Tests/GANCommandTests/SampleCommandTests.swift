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
    #expect(outcome.status == 2 && outcome.error.contains("was trained without classes"), "\(outcome.error)")
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
