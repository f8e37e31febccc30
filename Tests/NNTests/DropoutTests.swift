import NN
import Testing
import Torch

@Suite struct DropoutTests {
  @Test func aTrainingPassDropsTheRateAndScalesTheRest() {
    let x = Tensor.ones([100, 1000])
    let y = Dropout(0.3)(x, .training(RandomGenerator(seed: 1)))
    let kept = y.isGreater(than: 0).to(.float64).mean().item
    #expect(abs(kept - 0.7) < 0.005)
    let scale = Double(Float(1 / 0.7))
    #expect(Set(y.array(of: Float.self)) == [0, Float(scale)])
  }

  /// libtorch's own dropout takes no generator and would draw from a hidden one.
  @Test func masksComeFromTheGeneratorOfThePass() throws {
    let (x, layer) = (Tensor.ones([64, 64]), Dropout(0.5))
    let random = RandomGenerator(seed: 3)
    let first = layer(x, .training(random))
    #expect(layer(x, .training(RandomGenerator(seed: 3))).isIdentical(to: first))
    #expect(!layer(x, .training(random)).isIdentical(to: first))
    #expect(!layer(x, .training(RandomGenerator(seed: 4))).isIdentical(to: first))
    let state = try random.state()
    let next = layer(x, .training(random))
    try random.restore(state)
    #expect(layer(x, .training(random)).isIdentical(to: next))
  }

  @Test func inferenceAndRateZeroChangeNothing() {
    let x = Tensor([1.0, 2])
    #expect(Dropout(0.5)(x, .inference).isSame(as: x))
    #expect(Dropout(0)(x, .training(RandomGenerator(seed: 1))).isSame(as: x))
  }

  @Test(arguments: [MemoryFormat.contiguous, .channelsLast]) func gradientsPassWhereElementsDid(format: MemoryFormat)
    throws
  {
    let x = Tensor.ones([2, 3, 4, 5], dtype: .float64).contiguous(format).requiringGradient()
    let y = Dropout(0.4)(x, .training(RandomGenerator(seed: 8)))
    let gradient = try #require(gradients(of: y.sum(), with: [x])[0])
    #expect(gradient.isIdentical(to: y.detached()))
  }
}
