import Metrics
import Testing
import Torch

@Suite struct StructuralSimilarityTests {
  @Test(arguments: try fixture("structural_similarity").cases())
  func agreesWithPyTorchMSSSIM(name: String) throws {
    let given = try fixture("structural_similarity")[name]
    let zoom = try given.whole("zoom")
    func enlarged(_ what: String) throws -> Tensor {
      let image = try given[what]
      return image.upsampledNearest([image.size(2) * zoom, image.size(3) * zoom])
    }
    let first = try enlarged("first")
    let measure = StructuralSimilarity(height: first.size(2), width: first.size(3))
    #expect(measure.window == (try given.whole("window")))
    #expect(measure.scales == (zoom == 1 ? 1 : 5))
    let similarity = try measure(first, enlarged("second"))
    // The package takes its window in float32.
    #expect((similarity - (try given["similarity"])).abs().max().item < 1e-6)
    let single = try measure(first.to(.float32), enlarged("second").to(.float32))
    #expect((single.to(.float64) - similarity).abs().max().item < 1e-4)
  }

  @Test(arguments: [(28, 28), (1, 1), (2, 5), (200, 170)])
  func equalPicturesAreAsSimilarAsCanBe(height: Int, width: Int) throws {
    let picture = normalRows(2, height * width, deviation: 0.3).reshaped(2, 1, height, width)
    let values = try StructuralSimilarity(height: height, width: width)(picture, picture)
    #expect((values - 1).abs().max().item < 1e-9)
  }

  @Test func otherSizesAreAnError() {
    let measure = StructuralSimilarity(height: 8, width: 8)
    #expect(
      sentence { _ = try measure(.zeros([2, 1, 8, 8]), .zeros([2, 1, 8, 9])) }?.contains("[N, C, 8, 8]") == true)
  }
}

@Suite struct DiversityTests {
  @Test func isNothingForOnePictureAndMuchForNoise() throws {
    let noise = normalRows(50, 256, deviation: 0.5).reshaped(50, 1, 16, 16)
    let same = Tensor.concatenated([noise[0..<1], noise[0..<1], noise[0..<1]])
    #expect(abs(try Diversity(pairs: 10, seed: 1)(same).value) < 1e-9)
    let score = try Diversity(pairs: 200, seed: 1)(noise)
    #expect(score.value > 0.9 && score.fakeCount == 50)
    #expect(score.deviation > 0 && score.deviation < 0.02)
    #expect(try Diversity(pairs: 200, seed: 1)(noise) == score)
    #expect(try Diversity(pairs: 200, seed: 2)(noise).value != score.value)
  }

  /// Of two samples there is one pair, in either order: a sample is never compared with itself.
  @Test func comparesDifferentSamples() throws {
    let two = normalRows(2, 256, deviation: 0.5).reshaped(2, 1, 16, 16)
    let expected = 1 - (try StructuralSimilarity(height: 16, width: 16)(two[0..<1], two[1..<2])).item
    #expect(abs(try Diversity(pairs: 30, seed: 1)(two).value - expected) < 1e-12)
    #expect(sentence { _ = try Diversity(seed: 1)(two[0..<1]) }?.contains("[1, 1, 16, 16]") == true)
  }
}
