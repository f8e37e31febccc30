import Datasets
import Metrics
import Samples
import TestFixtures
import Testing
import Torch

@Suite struct LabelMapTests {
  private static let colors: [[Float]] = [[0, 0, 222], [0, 48, 255], [255, 80, 0], [32, 255, 224]]

  /// Maps of 24x24 pixels in four colours, in squares of 6, with noise of so many levels.
  private func maps(_ count: Int, noise: Double, seed: Int = 0) -> Tensor {
    let draws = Hashed("maps \(seed)")
    var levels: [Float] = []
    for map in 0..<count {
      for channel in 0..<3 {
        for place in 0..<576 {
          let square = place / 24 / 6 * 4 + place % 24 / 6
          // The first colour is the commonest.
          let color = Self.colors[max(0, (square * 7 + map * 3) % 7 - 3)][channel]
          levels.append(color + Float(noise * draws.uniform((map * 3 + channel) * 576 + place)))
        }
      }
    }
    return (Tensor(levels, shape: [count, 3, 24, 24]) / 127.5 - 1).clamped(-1, 1)
  }

  private func score(_ samples: Tensor, _ targets: Tensor, _ palette: Palette) throws -> [Double] {
    struct Pairs: DerivedSampleStream {
      let samples, targets: Tensor
      var count: Int { samples.size(0) }
      var shape: SampleShape { SampleShape(channels: 3, height: samples.size(2), width: samples.size(3)) }
      func forEachDerived(_ body: (DerivedSamples) throws -> Void) throws {
        try body(DerivedSamples(samples, targets: targets))
      }
    }
    let pairs = Pairs(samples: samples, targets: targets)
    let (data, pixels) = (try Dataset.noise(shape: pairs.shape, count: 20), PixelFeatures(pairs.shape))
    let judge = Judge(
      try Reference(data, pixels), pixels, [.pixelAccuracy, .iou], training: data, heldOut: nil, palette: palette,
      seed: 1)
    return try judge(pairs).scores.map(\.score.value)
  }

  @Test func coloursAreFoundInNoise() throws {
    let maps = maps(8, noise: 12)
    let palette = try #require(try Palette((0..<8).map { maps[$0..<($0 + 1)] }))
    #expect(palette.colors.count == 4)
    for color in Self.colors {
      let nearest = palette.colors.map { found in
        zip(found, color).map { abs($0 - Double($1)) }.max() ?? 255
      }.min()
      #expect(nearest ?? 255 < 8, "\(color) in \(palette.colors)")
    }
    // The commonest first.
    #expect(abs(palette.colors[0][2] - 222) < 8 && palette.colors[0][1] < 20)
  }

  @Test func picturesOfManyColoursAreNoLabelMaps() throws {
    // Smooth pictures, flat everywhere, in colours from all over the cube.
    let draws = Hashed("smooth")
    let corners = (0..<(20 * 3 * 9)).map { Float(draws.uniform($0)) }
    let smooth = Tensor(corners, shape: [20, 3, 3, 3]).upsampledBilinear([32, 32])
    #expect(try Palette((0..<20).map { smooth[$0..<($0 + 1)] }) == nil)
    #expect(try Palette([Tensor.zeros([1, 3, 8, 8])]) == nil)
    #expect(try Palette([Tensor.zeros([1, 2, 8, 8])]) == nil)
  }

  /// By hand: a quarter of the pixels of class 1 is drawn as class 2.
  @Test func accuracyAndOverlapComeFromTheConfusionMatrix() throws {
    func picture(_ classes: [Int]) -> Tensor {
      let levels = (0..<3).flatMap { channel in classes.map { Self.colors[$0][channel] } }
      return Tensor(levels, shape: [1, 3, 2, 4]) / 127.5 - 1
    }
    let maps = maps(8, noise: 12)
    let palette = try #require(try Palette((0..<8).map { maps[$0..<($0 + 1)] }))
    let truth = picture([0, 0, 0, 0, 1, 1, 1, 1])
    let made = picture([0, 0, 0, 0, 1, 1, 1, 2])
    let both = try score(.concatenated([truth, made]), .concatenated([truth, truth]), palette)
    #expect(abs(both[0] - 15.0 / 16) < 1e-9)
    // Class 0: 8 of 8; class 1: 7 of 8; class 2: 0 of 1.
    #expect(abs(both[1] - (1 + 7.0 / 8 + 0) / 3) < 1e-9)
  }
}
