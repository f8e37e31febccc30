import Foundation
import Testing

@Suite(.serialized) struct DataCommandTests {
  /// The length of the header of an `.npy` file.
  private static let start = 128

  /// A folder "photos": three cats, the second of them again among the dogs, and a dog that is no picture.
  private func placeWithPhotos() throws -> Workplace {
    let place = try Workplace()
    for folder in ["photos/cats", "photos/dogs"] {
      try FileManager.default.createDirectory(
        atPath: place.path + "/" + folder, withIntermediateDirectories: true)
    }
    for count in 1...3 {
      let made = try place.gan("data", "pictures.npy", "--count", "\(count)", "--preview", "photos/cats/\(count).png")
      #expect(made.status == 0, "\(made.error)")
    }
    try FileManager.default.copyItem(
      atPath: place.path + "/photos/cats/2.png", toPath: place.path + "/photos/dogs/rex.png")
    try Data("no picture".utf8).write(to: URL(fileURLWithPath: place.path + "/photos/dogs/broken.png"))
    return place
  }

  @Test func aFolderIsSummarisedResizedAndExported() throws {
    let place = try placeWithPhotos()
    let outcome = try place.gan(
      "data", "photos", "--classes", "folders", "--size", "10x8", "--export", "p.npy", "--labels", "l.npy")
    #expect(outcome.status == 0, "\(outcome.error)")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    for line in [
      "photos, train", "samples       4", "shape         1x8x10 (C x H x W)", "classes       cats: 3, dogs: 1",
      "duplicates    1, as sample 3, which equals 1", "unreadable    1",
      "  photos/dogs/broken.png: this is neither a PNG nor a JPEG picture", "preview       data.png",
      "samples       p.npy", "labels        l.npy",
    ] {
      #expect(lines.contains(line), "\(line) is not in\n\(outcome.output)")
    }
    let (pixels, labels) = (try place.data("p.npy"), try place.data("l.npy"))
    #expect(pixels.count == Self.start + 4 * 80 && String(decoding: pixels, as: UTF8.self).contains("(4, 8, 10, 1, )"))
    #expect(labels.suffix(from: Self.start).elementsEqual([0, 0, 0, 1].flatMap { [$0, 0, 0, 0] as [UInt8] }))
    #expect(try place.data("data.png").prefix(4).elementsEqual([0x89, 0x50, 0x4e, 0x47]))
    // The second cat is the dog.
    #expect(pixels.dropFirst(Self.start + 80).prefix(80).elementsEqual(pixels.suffix(80)))
  }

  @Test func withoutClassesThereAreNoLabels() throws {
    let place = try placeWithPhotos()
    let outcome = try place.gan("data", "photos", "--labels", "l.npy", "--size", "8x8")
    #expect(outcome.status == 2 && outcome.error.contains("photos has no labels to write to l.npy"))
    #expect(!place.has("l.npy") && !place.has("data.png"))
    #expect(try !place.gan("data", "photos", "--size", "8x8").output.contains("classes"))
  }

  @Test(arguments: [1, 7, 40, 100]) func theExportHoldsTheFirstSamplesUnchanged(count: Int) throws {
    let place = try Workplace()
    let outcome = try place.gan("data", "pictures.npy", "--count", "\(count)", "--export", "p.npy")
    #expect(outcome.status == 0, "\(outcome.error)")
    let rows = min(count, 40)
    let expected = try place.data("pictures.npy").dropFirst(Self.start).prefix(rows * 144)
    #expect(try place.data("p.npy").dropFirst(Self.start).elementsEqual(expected))
  }

  @Test func pointsOfThePlaneAreExportedAsNumbers() throws {
    let place = try Workplace()
    let outcome = try place.gan("data", "ring8", "--count", "5", "--export", "p.npy", "--labels", "l.npy")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try place.data("p.npy").count == Self.start + 5 * 2 * 4)
    #expect(try place.data("l.npy").count == Self.start + 5 * 4)
  }
}
