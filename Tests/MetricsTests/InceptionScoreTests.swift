import Metrics
import Testing
import Torch

@Suite struct InceptionScoreTests {
  @Test(arguments: try fixture("inception_score").cases(), [1, 13, 1000])
  func agreesWithTorchFidelity(name: String, batch: Int) throws {
    let given = try fixture("inception_score")[name]
    let logits = try given["logits"]
    let count = logits.size(0)
    var accumulator = try InceptionScoreAccumulator(count: count, splits: given.whole("splits"))
    for start in stride(from: 0, to: count, by: batch) {
      try accumulator.add(logits[start..<min(count, start + batch)])
    }
    let score = try accumulator.score()
    #expect(relativeError(score.value, try given["mean"].item) < 1e-12)
    if try given.whole("splits") > 1 { #expect(relativeError(score.deviation, try given["deviation"].item) < 1e-10) }
    #expect(score.fakeCount == count)
  }

  /// Certain classes, all equally often: as many as there are. One class, or no certainty: 1.
  @Test func reachesItsBounds() throws {
    func score(_ classes: [Int], height: Double) throws -> Double {
      let logits = classes.map { chosen in Tensor((0..<5).map { $0 == chosen ? height : 0 }) }
      var accumulator = try InceptionScoreAccumulator(count: classes.count, splits: 2)
      try accumulator.add(.stacked(logits))
      return try accumulator.score().value
    }
    #expect(abs(try score([0, 1, 2, 3, 4, 0, 1, 2, 3, 4], height: 1e4) - 5) < 1e-12)
    #expect(abs(try score([2, 2, 2, 2], height: 1e4) - 1) < 1e-12)
    #expect(abs(try score([0, 1, 2, 3], height: 0) - 1) < 1e-12)
  }

  @Test func countsAreHeld() throws {
    var accumulator = try InceptionScoreAccumulator(count: 20)
    try accumulator.add(normalRows(12, 3))
    #expect(sentence { _ = try accumulator.score() }?.contains("20 samples got only 12") == true)
    #expect(sentence { try accumulator.add(normalRows(9, 3)) }?.contains("21") == true)
    #expect(sentence { try accumulator.add(normalRows(2, 4)) } != nil)
    #expect(sentence { _ = try InceptionScoreAccumulator(count: 9) }?.contains("10 splits") == true)
  }
}
