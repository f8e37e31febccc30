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
}
