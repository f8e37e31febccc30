import Datasets
import Files
import Foundation
import Pictures
import Testing

/// The Python with Pillow that `make test` installs.
private enum Pillow {
  static let root = URL(fileURLWithPath: #filePath + "/../../..").standardizedFileURL.path
  static let python = root + "/.build/test-venv/bin/python"
  static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: python) }
}

/// Every kind of PNG and JPEG file, sound, odd and broken.
struct PictureVariantTests {
  @Test func `odd files are decoded as Pillow does, broken ones refused with the reason`() throws {
    let cases = try ExpectedPictures(TemporaryFolder.fixture("Cases"))
    let faults = try cases.pictures.compactMap { try cases.fault(of: $0) }
    #expect(faults.isEmpty, "\(faults.joined(separator: "\n"))")
    #expect(cases.pictures.count { $0.refused == nil } >= 30 && cases.pictures.count { $0.refused != nil } >= 15)
  }

  @Test(.enabled(if: Pillow.isInstalled, "no Pillow: scripts/test-environment .build/test-venv installs it"))
  func `every variant of PNG and JPEG is decoded as Pillow does`() throws {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Pillow.python)
    process.arguments = ["-B", Pillow.root + "/Tools/reference/pictures/make_grid.py", folder.path + "/grid"]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    let grid = try ExpectedPictures(folder.path + "/grid")
    let faults = try grid.pictures.compactMap { try grid.fault(of: $0) }
    #expect(grid.pictures.count > 1000)
    #expect(faults.isEmpty, "\(faults.count) of \(grid.pictures.count):\n\(faults.prefix(20).joined(separator: "\n"))")
  }

  @Test(arguments: [
    ("rgb.png", "large.png"), ("large.png", "rgb.png"), ("grey.png", "rgb.png"), ("rgb.png", "grey.png"),
    ("palette-grey.png", "palette.png"), ("rgb.png", "exif1.jpg"), ("exif1.jpg", "rgb.png"), ("grey.jpg", "exif1.jpg"),
    ("exif1.jpg", "../Cases/ycck.jpg"), ("cmyk.jpg", "../Cases/ycck.jpg"),
  ])
  func `a picture that changes between its header and its pixels is an error`(before: String, after: String) throws {
    let bytes = try [before, after].map { name in
      try Array(Data(contentsOf: URL(fileURLWithPath: TemporaryFolder.fixture("Pictures/" + name))))
    }
    let header = try bytes[0].withUnsafeBytes { try PictureHeader($0, path: "a.png") }
    let error = #expect(throws: FileError.self) {
      try bytes[1].withUnsafeBytes { try Picture(header, bytes: $0, path: "a.png") }
    }
    #expect(error?.path == "a.png")
    #expect(error?.reason.contains("changed while it was read") == true, "\(error?.reason ?? "")")
  }

  /// Files of which each byte in turn is another, and files that end at each byte, are either decoded or refused.
  @Test(arguments: [
    "interlaced-16-grey.png", "transparent-palette.png", "exif-prefix.png", "exif-long-big.jpg", "arithmetic.jpg",
  ])
  func `no byte that is wrong or missing brings the process down`(name: String) throws {
    let sound = try Array(Data(contentsOf: URL(fileURLWithPath: TemporaryFolder.fixture("Cases/" + name))))
    var refused = 0
    for place in sound.indices {
      var cut = sound
      cut.removeLast(sound.count - place)
      for value in [sound[place] ^ 0xff, sound[place] &+ 1, 0] {
        var changed = sound
        changed[place] = value
        for bytes in [cut, changed] {
          do {
            let picture = try bytes.withUnsafeBytes {
              try Picture(PictureHeader($0, path: name), bytes: $0, path: name)
            }
            #expect(picture.pixels.count == picture.width * picture.height * picture.channels)
          } catch let error as FileError {
            #expect(error.path == name && !error.reason.isEmpty)
            refused += 1
          }
        }
      }
    }
    #expect(refused > sound.count)
  }

  @Test(arguments: ["a.jfif", "b.JPE", "c.jpeg", "d.JPG"])
  func `a JPEG is known by its names and its contents`(name: String) throws {
    let folder = try TemporaryFolder()
    try folder.copy("exif1.jpg", to: "set/" + name)
    // The contents decide what it is.
    try folder.copy("rgb.png", to: "set/png." + name.split(separator: ".")[1])
    let set = try DataSource(folder.path + "/set").load(.train, options: folder.options)
    #expect(set.count == 2 && set.unreadable.isEmpty)
  }
}
