import Datasets
import Files
import Foundation
import Pictures

/// A folder of pictures with what is right, as Tools/reference/pictures/manifest.py writes it.
struct ExpectedPictures {
  /// A picture file: either the pixels that it shows or why it is left out.
  struct Picture: Decodable {
    let file: String
    /// Words of the reason for which the file is left out; nil for a good one.
    var refused: String?
    var width: Int?
    var height: Int?
    var channels: Int?
    /// The greatest difference that is allowed.
    var tolerance: Int?
    /// Where the pixels begin in expected.bin.
    var offset: Int?
  }

  let folder: String
  let pictures: [Picture]
  private let pixels: Data

  init(_ folder: String) throws {
    self.folder = folder
    let manifest = try Data(contentsOf: URL(fileURLWithPath: folder + "/expected.json"))
    pictures = try JSONDecoder().decode([Picture].self, from: manifest)
    pixels = try Data(contentsOf: URL(fileURLWithPath: folder + "/expected.bin"))
  }

  /// What swift-gan makes of `picture` in place of what is right; nil where both are one.
  func fault(of picture: Picture) throws -> String? {
    let decoded: Shown
    do {
      decoded = try Shown(folder + "/" + picture.file)
    } catch let error as FileError {
      guard let words = picture.refused else { return "\(picture.file): refused: \(error.reason)" }
      return error.reason.contains(words) ? nil : "\(picture.file): refused for another reason: \(error.reason)"
    }
    guard let width = picture.width, let height = picture.height, let channels = picture.channels,
      let tolerance = picture.tolerance, let offset = picture.offset
    else { return "\(picture.file): taken instead of refused" }
    guard (decoded.width, decoded.height, decoded.channels) == (width, height, channels) else {
      return
        "\(picture.file): \(decoded.width)x\(decoded.height)x\(decoded.channels), not \(width)x\(height)x\(channels)"
    }
    let expected = pixels[offset..<(offset + width * height * channels)]
    let difference = zip(decoded.pixels, expected).map { abs(Int($0) - Int($1)) }.max() ?? 0
    return difference <= tolerance ? nil : "\(picture.file): differs by \(difference)"
  }
}

/// A picture as a data set gets it: upright, in its own size and channels.
struct Shown {
  let width: Int
  let height: Int
  let channels: Int
  private(set) var pixels: [UInt8]

  init(_ path: String) throws {
    let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
    let header = try bytes.withUnsafeBytes { try PictureHeader($0, path: path) }
    let picture = try bytes.withUnsafeBytes { try Picture(header, bytes: $0, path: path) }
    let (width, height) = header.shownSize
    (self.width, self.height, channels) = (width, height, header.isGrey ? 1 : 3)
    pixels = [UInt8](repeating: 0, count: width * height * channels)
    let channels = channels
    pixels.withUnsafeMutableBytes { picture.fit(width: width, height: height, channels: channels, into: $0) }
  }
}
