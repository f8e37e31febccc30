import Files
import Foundation
import Metrics
import Pictures
import Samples
import Testing

@Suite struct FolderPairsTests {
  /// A picture of one shade.
  private func write(_ path: String, _ width: Int, _ height: Int, shade: UInt8 = 100, channels: Int = 1) throws {
    try FileSystem.createFolder(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    let pixels = [UInt8](repeating: shade, count: width * height * channels)
    try Picture(width: width, height: height, channels: channels, pixels: pixels).write(to: path)
  }

  private func problem(_ folder: String, size: (Int, Int)? = nil) -> String {
    sentence { _ = try FolderPairs(folder + "/out/", targets: folder + "/truth", size: size) } ?? ""
  }

  @Test func pairsHaveEachItsSize() throws {
    try withFolder { folder in
      for (name, width, height, shade) in [("a", 12, 9, 110), ("b/c", 30, 40, 100), ("d", 1, 1, 130)] {
        try write("\(folder)/out/\(name).png", width, height, shade: UInt8(shade))
        try write("\(folder)/truth/\(name).png", width, height, channels: name == "d" ? 3 : 1)
      }
      let pairs = try FolderPairs(folder + "/out/", targets: folder + "/truth")
      #expect(pairs.pairs.map(\.name) == ["a", "b/c", "d"] && pairs.name == "truth" && pairs.resize == "none")
      #expect(pairs.pairs.map(\.shape.channels) == [1, 1, 3])
      let suited = pairs.suited(palette: nil)
      #expect(suited.all == [.perceptual, .psnr, .ssim, .l1])
      let found = try pairs.judged(by: [.l1, .psnr], palette: nil)
      #expect(abs(found.scores[0].score.value - (10 + 0 + 30) * 2 / 255 / 3) < 1e-6)
      #expect(found.scores[0].score.realCount == 3 && found.scores[1].score.value == .infinity)
      #expect(found.worst.map(\.name) == ["d", "a", "b/c"])
      #expect(sentence { _ = try pairs.judged(by: [.fid], palette: nil) }?.contains("fid does not compare") == true)
      let resized = try FolderPairs(folder + "/out", targets: folder + "/truth", size: (6, 5))
      #expect(abs(try resized.judged(by: [.l1], palette: nil).scores[0].score.value - 80.0 / 255 / 3) < 1e-6)
      #expect(resized.resize == "stretched (bicubic) to 6x5")
    }
  }

  @Test func whatDoesNotFitIsNamed() throws {
    try withFolder { folder in
      #expect(problem(folder).contains("out/: there is no such folder"))
      try write(folder + "/out/a.png", 8, 8)
      try write(folder + "/truth/a.png", 8, 9)
      #expect(problem(folder).contains("out/a.png is 8x8, and \(folder)/truth/a.png is 8x9"))
      #expect(problem(folder, size: (8, 8)).isEmpty)
      for name in ["b", "c", "d", "e"] { try write("\(folder)/truth/\(name).png", 8, 8) }
      #expect(problem(folder).contains("4 only in \(folder)/truth: 'b', 'c', 'd', ..."))
      try write(folder + "/out/z.png", 8, 8)
      #expect(problem(folder).contains("1 only in \(folder)/out/: 'z'; 4 only in"))
      try FileManager.default.copyItem(atPath: folder + "/out/a.png", toPath: folder + "/out/a.jpg")
      #expect(problem(folder).contains("has the same name but for its ending"))
      try FileManager.default.removeItem(atPath: folder + "/out/a.jpg")
      try Data("no picture".utf8).write(to: URL(fileURLWithPath: folder + "/out/a.png"))
      for name in ["z"] { try write("\(folder)/truth/\(name).png", 8, 8) }
      for name in ["b", "c", "d", "e"] { try write("\(folder)/out/\(name).png", 8, 8) }
      #expect(problem(folder).contains("out/a.png"))
    }
  }
}
