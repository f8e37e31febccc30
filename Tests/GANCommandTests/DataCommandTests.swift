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
      "duplicates    1, such as sample 3, which equals sample 1", "unreadable    1",
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
    #expect(outcome.status == 2 && outcome.error.contains("--labels l.npy: photos has no labels"))
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

  /// A folder of grey pictures, as other programs write them: without the mark of swift-gan.
  private func placeWithForeignPhotos(_ count: Int = 16) throws -> Workplace {
    let place = try Workplace()
    try FileManager.default.createDirectory(atPath: place.path + "/own", withIntermediateDirectories: true)
    for number in 1...count {
      let name = "own/\(number).png"
      #expect(try place.gan("data", "pictures.npy", "--count", "\(number)", "--preview", name).status == 0)
      try place.removeMark(from: name)
    }
    return place
  }

  @Test func aPictureOfOnesOwnIsNotReplacedByThePreview() throws {
    let place = try placeWithForeignPhotos(2)
    try FileManager.default.copyItem(atPath: place.path + "/own/1.png", toPath: place.path + "/data.png")
    let before = try place.data("data.png")
    for preview in ["data-2.png", "data-3.png"] {
      let outcome = try place.gan("data", "own", "--size", "12x12")
      #expect(outcome.output.contains("preview       \(preview)\n"))
    }
    #expect(try place.data("data.png") == before && place.has("data-2.png") && place.has("data-3.png"))
    // What one names is replaced.
    #expect(try place.gan("data", "own", "--size", "12x12", "--preview", "data.png").status == 0)
    #expect(try place.data("data.png") != before)
  }

  /// `cd photos; gan data .; gan train --data .`, and the resume that it prints.
  @Test func whatIsWrittenIntoTheFolderOfTheDataDoesNotJoinThem() throws {
    let place = try placeWithForeignPhotos()
    let folder = place.path + "/own"
    func gan(_ arguments: String...) throws -> GanProcess.Outcome { try GanProcess(arguments, in: folder).end() }
    func fingerprint() throws -> String? {
      let outcome = try gan("data", ".", "--size", "12x12")
      #expect(outcome.status == 0, "\(outcome.error)")
      return outcome.output.split(separator: "\n").first { $0.hasPrefix("fingerprint") }.map(String.init)
    }
    let before = try fingerprint()
    let small = ["--threads", "1", "--set", "base_width=4", "--set", "latent_size=8"]
    for out in [[], ["--out", "run"]] {
      let trained = try GanProcess(
        ["train", "mlp", "--data", ".", "--size", "12x12", "--batch", "8", "--steps", "2"] + small + out, in: folder
      ).end()
      #expect(trained.status == 0, "\(trained.error)")
    }
    #expect(try gan("sample", "run", "--count", "3", "--out", "generated/").status == 0)
    #expect(try gan("sample", "run", "--count", "4", "--out", "grid.png").status == 0)
    #expect(try before != nil && fingerprint() == before)
    let resumed = try gan("resume", "run", "--steps", "4")
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(resumed.error.contains("2 run folders and 6 pictures that swift-gan wrote are ignored"))
    // Samples that somebody names are data.
    #expect(try gan("data", "generated").output.contains("samples       3"))
    let judged = try gan("evaluate", "generated", "--data", ".", "--size", "12x12", "--metrics", "fid", "--json")
    #expect(judged.status == 0 && judged.output.contains("\"n_fake\":3"), "\(judged.error)")
  }

  @Test func namesThatAreNoTextAreShownEscaped() throws {
    let place = try placeWithForeignPhotos(2)
    let script = """
      set -e; cd \(place.path); folder=$(printf 'caf\\351'); mkdir "$folder"; cp own/1.png "$folder/$(printf '\\374').png"
      printf x > "$folder/$(printf '\\033[31m').png"; cp own/1.png "$folder/2.png"
      HOME=\(place.path) '\(GanProcess.executable)' data "$folder" --preview seen.png
      """
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script]
    (process.standardOutput, process.standardError) = (pipe, pipe)
    try process.run()
    let said = [UInt8](pipe.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    let text = String(decoding: said, as: UTF8.self)
    #expect(process.terminationStatus == 0, "\(text)")
    #expect(text.contains("samples       2\n") && text.contains("caf\\xE9, train"), "\(text)")
    #expect(text.contains("caf\\xE9/\\x1B[31m.png: this is neither"), "\(text)")
    #expect(!said.contains(0x1b) && !said.contains(0xe9))
    let clean = Process()
    clean.executableURL = URL(fileURLWithPath: "/bin/sh")
    clean.arguments = ["-c", "cd \(place.path); rm -rf caf*"]
    try clean.run()
    clean.waitUntilExit()
  }
}

extension Workplace {
  /// Rewrites a PNG file without its text chunk, as if another program had made it.
  func removeMark(from name: String) throws {
    let url = URL(fileURLWithPath: path + "/" + name)
    let bytes = try [UInt8](Data(contentsOf: url))
    var kept = Array(bytes.prefix(8))
    var offset = 8
    while offset < bytes.count {
      // Length, type and checksum take 12 bytes.
      let end = offset + 12 + bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) }
      if !bytes[(offset + 4)..<(offset + 8)].elementsEqual("tEXt".utf8) { kept += bytes[offset..<end] }
      offset = end
    }
    #expect(kept.count < bytes.count)
    try Data(kept).write(to: url)
  }
}
