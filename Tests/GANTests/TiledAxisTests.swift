import GAN
import Testing

/// One axis of a picture as tiles.
@Suite struct TiledAxisTests {
  private static let axes = [
    (length: 1, covered: 8, side: 8, factor: 4), (8, 8, 8, 4), (499, 500, 500, 4), (1000, 1000, 128, 4),
    (1001, 1004, 256, 4), (257, 260, 256, 4), (700, 768, 512, 256), (2300, 2304, 1024, 256), (3000, 3072, 768, 256),
    (513, 516, 512, 4), (5000, 5000, 4996, 4),
  ]

  @Test(arguments: axes) func tilesCoverThePictureAndShareEnough(
    length: Int, covered: Int, side: Int, factor: Int
  ) {
    let axis = TiledAxis(length, covered: covered, side: side, factor: factor, overlap: Tiling.overlap)
    #expect(axis.covered.count == covered)
    #expect(axis.covered.lowerBound <= 0 && axis.covered.upperBound >= length)
    // What is added lies on both sides alike.
    #expect(abs(-axis.covered.lowerBound - (axis.covered.upperBound - length)) <= 1)
    for (start, next) in zip(axis.starts, axis.starts.dropFirst()) {
      #expect(next > start && start + side - next >= Tiling.overlap && (next - start) % factor == 0)
    }
    #expect(axis.starts.count == 1 || side < covered)
  }

  @Test(arguments: axes) func weightsMakeOneAndRiseSmoothly(length: Int, covered: Int, side: Int, factor: Int) {
    let axis = TiledAxis(length, covered: covered, side: side, factor: factor, overlap: Tiling.overlap)
    var sums = [Float](repeating: 0, count: covered)
    for (start, weights) in zip(axis.starts, axis.weights) {
      #expect(weights.count == side && weights.allSatisfy { (0...1).contains($0) })
      for (offset, weight) in weights.enumerated() { sums[start - axis.covered.lowerBound + offset] += weight }
      // A raised cosine over 64 pixels is nowhere steeper than π / 2 in them.
      for (one, next) in zip(weights, weights.dropFirst()) { #expect(abs(next - one) < 0.05) }
      if start > axis.covered.lowerBound { #expect(weights[0] < 0.001) }
      if start + side < axis.covered.upperBound { #expect(weights[side - 1] < 0.001) }
    }
    #expect(sums.allSatisfy { abs($0 - 1) < 1e-6 })
    if axis.starts.count == 1 { #expect(axis.weights[0].allSatisfy { $0 == 1 }) }
  }

  @Test func whatLiesBeyondIsTheMirrorImage() {
    let axis = TiledAxis(4, covered: 16, side: 16, factor: 4, overlap: 64)
    #expect(axis.starts == [-6])
    #expect(axis.pixels(from: -6) == [0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2, 3])
    #expect(TiledAxis(1, covered: 4, side: 4, factor: 4, overlap: 64).pixels(from: -1) == [0, 0, 0, 0])
    #expect(TiledAxis(2, covered: 4, side: 4, factor: 4, overlap: 64).pixels(from: -1) == [1, 0, 1, 0])
  }
}
