import Foundation
import Testing

@Suite(.serialized) struct ExtractorCommandTests {
  /// A workplace with a folder "photos" of two classes of six pictures each.
  private func placeWithPhotos() throws -> Workplace {
    let place = try Workplace()
    for folder in ["photos/cats", "photos/dogs"] {
      try FileManager.default.createDirectory(atPath: place.path + "/" + folder, withIntermediateDirectories: true)
    }
    for count in 1...6 {
      let made = try place.gan("data", "pictures.npy", "--count", "\(count)", "--preview", "photos/cats/\(count).png")
      #expect(made.status == 0, "\(made.error)")
      try FileManager.default.copyItem(
        atPath: "\(place.path)/photos/cats/\(count).png", toPath: "\(place.path)/photos/dogs/\(count).png")
    }
    return place
  }

  @Test func aFolderOfClassesGetsItsClassifier() throws {
    let place = try placeWithPhotos()
    let trained = try place.gan(
      "extractor", "train", "--data", "photos", "--classes", "folders", "--size", "16x12", "--steps", "3", "--json")
    #expect(trained.status == 0, "\(trained.error)")
    let lines = try place.lines(Data(trained.output.utf8))
    let result = try #require(lines.first)
    #expect(lines.count == 1 && result["shape"] as? String == "1x12x16" && result["classes"] as? Int == 2)
    #expect(result["judged_on"] as? String == "held-out tenth" && result["judged_count"] as? Int == 1)
    #expect(result["steps"] as? Int == 3 && (result["fingerprint"] as? String)?.count == 64)
    let file = try #require(result["file"] as? String)
    #expect(file.hasPrefix(place.path + "/.cache/swift-gan/extractors/classifier-"))
    #expect(FileManager.default.fileExists(atPath: file))
  }

  @Test func itsFileCanBeNamed() throws {
    let place = try placeWithPhotos()
    let trained = try place.gan(
      "extractor", "train", "--data", "photos", "--classes", "folders", "--size", "16x12", "--steps", "1", "--out",
      "c.st",
      "--quiet")
    #expect(trained.status == 0 && trained.error.isEmpty, "\(trained.error)")
    #expect(trained.output.contains("classifier (photos), 1x12x16, 2 classes\n"))
    #expect(trained.output.contains("\nfile          c.st\n") && place.has("c.st"))
    #expect(!place.has(".cache/swift-gan/extractors"))
  }

  /// Values of two judges are not comparable, so that there has to be one of a data set, on one core or on sixteen.
  @Test func theNumberOfThreadsHasNoPartInTheClassifier() throws {
    let place = try Workplace()
    let fingerprints = try ["1", "3"].map { threads in
      let outcome = try GanProcess(
        ["extractor", "train", "--data", "digits", "--steps", "20", "--out", threads + ".safetensors", "--json"],
        in: place.path, shell: "export OMP_NUM_THREADS=\(threads)"
      ).end()
      #expect(outcome.status == 0, "\(outcome.error)")
      return try #require(try place.lines(Data(outcome.output.utf8)).first?["fingerprint"] as? String)
    }
    #expect(fingerprints[0] == fingerprints[1])
  }

  @Test func withoutLabelsItSaysWhatWouldBeRight() throws {
    let outcome = try Workplace().gan("extractor", "train", "--data", "pictures.npy")
    #expect(outcome.status == 1 && outcome.error.contains("these have no labels") && outcome.output.isEmpty)
  }

  @Test func featuresAreWrittenForOtherPrograms() throws {
    let place = try Workplace()
    let outcome = try place.gan(
      "extractor", "features", "pictures.npy", "--count", "7", "--batch", "3", "--out", "f.npy")
    #expect(outcome.status == 0 && outcome.output.hasPrefix("extractor     pixels, resize: none\n"), "\(outcome.error)")
    let bytes = try place.data("f.npy")
    #expect(
      String(decoding: bytes.prefix(128), as: UTF8.self).contains("'<f4', 'fortran_order': False, 'shape': (7, 144, )"))
    // The first grey level of the first picture, as Workplace writes it.
    let first = bytes.dropFirst(128).prefix(4).withUnsafeBytes { $0.loadUnaligned(as: Float.self) }
    let level = Float(try place.data("pictures.npy")[128])
    #expect(bytes.count == 128 + 7 * 144 * 4 && first == level * (2.0 / 255) - 1)
  }

  @Test func classScoresThatAreNotThereAreRefused() throws {
    let place = try Workplace()
    let outcome = try place.gan("extractor", "features", "pictures.npy", "--logits", "l.npy", "--out", "f.npy")
    #expect(outcome.status == 2 && outcome.error.contains("--logits: pixels gives no class scores"), "\(outcome.error)")
    #expect(!place.has("f.npy") && !place.has("l.npy"))
  }

  @Test func anUnknownExtractorIsNamed() throws {
    let outcome = try Workplace().gan("extractor", "features", "pictures.npy", "--extractor", "pixel", "--out", "f.npy")
    #expect(outcome.status == 2 && outcome.error.contains("did you mean 'pixels'?"), "\(outcome.error)")
  }

  @Test func theGroupShowsItsCommands() throws {
    let outcome = try Workplace().gan("extractor", "--help")
    #expect(outcome.status == 0 && outcome.output.contains("Usage: gan extractor <command>"))
    #expect(outcome.output.contains("\n  train "))
    #expect(outcome.output.contains("\n  features "))
  }
}
