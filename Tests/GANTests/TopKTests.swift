import GAN
import TestFixtures
import Testing

@Suite struct TopKTests {
  private let scores = Tensor([0.5, -2, 3, 1, -1, 2, 0, -3], shape: [8, 1])

  @Test(arguments: [
    (0, [0.5, -2, 3, 1, -1, 2, 0, -3]), (5, [3, 2, 1, 0.5]), (10, [3, 2]), (1000, [3, 2]),
  ])
  func theBestAreKept(step: Int, kept: [Double]) throws {
    let best = TopK(share: 0.25, steps: 10)(Scores(scores), step: step).tensor
    #expect(best.shape == [kept.count, 1])
    #expect(best.array(of: Double.self) == kept)
  }

  @Test func gradientsReachTheBestAlone() throws {
    let leaf = scores.clone().requiringGradient()
    let loss = NonSaturating().generatorLoss(fake: TopK(share: 0.25, steps: 0)(Scores(leaf), step: 0))
    let gradient = try #require(gradients(of: loss.tensor, with: [leaf])[0]).array(of: Double.self)
    #expect(gradient.enumerated().filter { $0.element != 0 }.map(\.offset) == [2, 5])
  }

  @Test func theShareFallsByOneFactorAStep() {
    let selection = TopK(share: 0.5, steps: 100)
    #expect(selection.share(at: 0) == 1)
    for step in 0..<99 {
      #expect(abs(selection.share(at: step + 1) / selection.share(at: step) - 0.9930924954370359) < 1e-12)
    }
    #expect(selection.share(at: 100) == 0.5 && selection.share(at: 101) == 0.5)
  }

  @Test func oneIsAlwaysKept() {
    #expect(TopK(share: 0, steps: 0)(Scores(scores), step: 0).tensor.array(of: Double.self) == [3])
  }
}
