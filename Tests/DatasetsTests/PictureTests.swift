import Datasets
import Foundation
import Pictures
import Testing

/// Decoding and resizing, against what Pillow makes of the same files (Tools/reference/make_pictures.py).
struct PictureTests {
  private func greatestDifference(_ a: Dataset, _ b: Dataset) -> Int {
    zip(a.allBytes, b.allBytes).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }

  @Test(
    arguments: ["rgb.png", "grey.png", "rgba.png", "palette.png", "palette-grey.png", "grey16.png", "grey.jpg"]
      + (1...8).map { "exif\($0).jpg" } + ["progressive.jpg", "cmyk.jpg", "cmyk-plain.jpg"])
  func `every form of picture decodes as Pillow decodes it`(name: String) throws {
    let folder = try TemporaryFolder()
    try folder.copy(name, to: "pictures/" + name)
    let decoded = try DataSource(folder.path + "/pictures").load(.train, options: folder.options)
    let expected = try DataSource(TemporaryFolder.fixture("Expected/\(name).npy")).load(.train, options: folder.options)
    #expect(decoded.shape == expected.shape)
    #expect(decoded.count == 1)
    #expect(greatestDifference(decoded, expected) <= (name.hasSuffix("png") ? 0 : 2))
  }

  @Test func `what is transparent lies over black in data and over white on pages`() throws {
    let path = TemporaryFolder.fixture("Pictures/rgba.png")
    let colours = try Picture(contentsOf: TemporaryFolder.fixture("Pictures/rgb.png")).pixels
    let (black, white) = (try Picture(contentsOf: path), try Picture(contentsOf: path, over: .white))
    for pixel in 0..<(24 * 16) {
      // make_pictures.py lets opacity rise from left to right.
      let opacity = Int((Double(pixel % 24) * 255 / 23).rounded(.toNearestOrEven))
      for index in (3 * pixel)..<(3 * pixel + 3) {
        let light = Int(colours[index]) * opacity
        #expect(Int(black.pixels[index]) == (light + 127) / 255)
        #expect(Int(white.pixels[index]) == (light + 255 * (255 - opacity) + 127) / 255)
      }
    }
  }

  @Test(arguments: [(16, 16), (20, 8), (8, 24), (61, 30), (100, 90)])
  func `resizing covers, crops and filters as Pillow's fit does`(width: Int, height: Int) throws {
    let folder = try TemporaryFolder()
    try folder.copy("large.png", to: "pictures/large.png")
    var options = folder.options
    options.size = (width, height)
    let resized = try DataSource(folder.path + "/pictures").load(.train, options: options)
    let expected = try DataSource(TemporaryFolder.fixture("Expected/large-\(width)x\(height).npy"))
      .load(.train, options: folder.options)
    #expect(resized.shape == SampleShape(channels: 3, height: height, width: width))
    #expect(greatestDifference(resized, expected) <= 1)
  }

  @Test func `a set's pictures are resized and recoloured like a folder's`() throws {
    let folder = try TemporaryFolder()
    try folder.copy("grey.png", to: "pictures/grey.png")
    var options = folder.options
    options.size = (12, 12)
    options.channels = 3
    let fromFolder = try DataSource(folder.path + "/pictures").load(.train, options: options)
    let fromArray = try DataSource(TemporaryFolder.fixture("Expected/grey.png.npy")).load(.train, options: options)
    #expect(fromFolder.allBytes == fromArray.allBytes)
    #expect(fromFolder.shape == SampleShape(channels: 3, height: 12, width: 12))
    let pixels = fromFolder.allBytes
    #expect(stride(from: 0, to: pixels.count, by: 3).allSatisfy { pixels[$0] == pixels[$0 + 1] })
  }

  @Test func `colour turned grey is luma`() throws {
    let folder = try TemporaryFolder()
    var options = folder.options
    options.channels = 1
    try folder.copy("rgb.png", to: "pictures/rgb.png")
    let grey = try DataSource(folder.path + "/pictures").load(.train, options: options)
    let expected = try DataSource(TemporaryFolder.fixture("Expected/grey.png.npy")).load(
      .train, options: folder.options)
    #expect(grey.allBytes == expected.allBytes)
  }

  @Test(arguments: [
    ("truncated.png", "truncated PNG"), ("truncated.jpg", "truncated JPEG"),
    ("hostile.png", "65535x65535 pixels exceed"),
    ("hostile.jpg", "65500x65500 pixels exceed"), ("implausible.png", "too short to hold"),
  ])
  func `damaged and hostile files are refused by path`(name: String, reason: String) throws {
    let folder = try TemporaryFolder()
    try folder.copy(name, to: "pictures/" + name)
    let source = try DataSource(folder.path + "/pictures")
    let message = try #require(sentence { _ = try source.load(.train, options: folder.options) })
    #expect(message.contains("pictures/\(name): "))
    #expect(message.contains(reason))
  }
}
