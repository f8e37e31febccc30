import NN
import Testing
import Torch

@Suite struct DropoutTests {
  @Test func aTrainingPassDropsTheRateAndScalesTheRest() {
    let x = Tensor.ones([100, 1000])
    let y = Dropout(0.3)(x, .training(RandomStream(seed: 1)))
    let kept = y.isGreater(than: 0).to(.float64).mean().item
    #expect(abs(kept - 0.7) < 0.005)
    let scale = Double(Float(1 / 0.7))
    #expect(Set(y.array(of: Float.self)) == [0, Float(scale)])
  }

  /// libtorch's own dropout takes no generator and would draw from a hidden one.
  @Test func masksComeFromTheStreamOfThePass() {
    let (x, layer) = (Tensor.ones([64, 64]), Dropout(0.5))
    let random = RandomStream(seed: 3)
    let first = layer(x, .training(random))
    #expect(layer(x, .training(RandomStream(seed: 3))).isIdentical(to: first))
    #expect(!layer(x, .training(random)).isIdentical(to: first))
    #expect(!layer(x, .training(RandomStream(seed: 4))).isIdentical(to: first))
    let again = RandomStream(seed: 3)
    let masks = [first] + (0..<2).map { _ in layer(x, .training(again)) }
    #expect(masks[1].isIdentical(to: masks[0]) && !masks[2].isIdentical(to: masks[1]))
  }

  @Test func inferenceAndRateZeroChangeNothing() {
    let x = Tensor([1.0, 2])
    #expect(Dropout(0.5)(x, .inference).isSame(as: x))
    #expect(Dropout(0)(x, .training(RandomStream(seed: 1))).isSame(as: x))
  }

  @Test(arguments: [MemoryFormat.contiguous, .channelsLast]) func gradientsPassWhereElementsDid(format: MemoryFormat)
    throws
  {
    let x = Tensor.ones([2, 3, 4, 5], dtype: .float64).contiguous(format).requiringGradient()
    let y = Dropout(0.4)(x, .training(RandomStream(seed: 8)))
    let gradient = try #require(gradients(of: y.sum(), with: [x])[0])
    #expect(gradient.isIdentical(to: y.detached()))
  }

  /// What arrives in another memory order than the elements had must meet the same mask.
  @Test func gradientsOfAnotherMemoryOrderMeetTheSameMask() throws {
    let x = Tensor.ones([2, 3, 4, 5], dtype: .float64).contiguous(.channelsLast).requiringGradient()
    let y = Dropout(0.4)(x, .training(RandomStream(seed: 8)))
    let weights = Tensor.range(120, dtype: .float64).reshaped(2, 3, 4, 5)
    let gradient = try #require(gradients(of: [y], weights: [weights], with: [x])[0])
    #expect(gradient.isIdentical(to: (y * weights).detached()))
  }

  /// A kernel whose backward could not be differentiated again would make penalties silently wrong.
  @Test func secondDerivativesPassTheMaskTwice() throws {
    let x = Tensor([0.5, -1, 2, 3, -4, 5, 6, -7]).requiringGradient()
    let y = Dropout(0.5)(x.squared(), .training(RandomStream(seed: 2)))
    let first = try #require(gradients(of: y.squared().sum(), with: [x], createGraph: true)[0])
    let second = try #require(gradients(of: first.sum(), with: [x])[0])
    // y = m x², so that y² has the first derivative 4 m² x³ and the second 12 m² x².
    let mask = (y / x.squared()).detached()
    let expected = mask.squared() * x.detached().squared() * 12
    #expect((second - expected).abs().max().item < 1e-12)
  }

  @Test(arguments: [DType.bfloat16, .float32, .float64]) func masksDoNotDependOnTypeOrThreads(dtype: DType) {
    let former = Machine.threads
    defer { Machine.threads = former }
    let masks = [1, 2].map { threads -> Tensor in
      Machine.threads = threads
      let x = Tensor.ones([50_001], dtype: dtype)
      return Dropout(0.3)(x, .training(RandomStream(seed: 5))).isGreater(than: 0)
    }
    let reference = Dropout(0.3)(Tensor.ones([50_001]), .training(RandomStream(seed: 5))).isGreater(than: 0)
    #expect(masks.allSatisfy { $0.isIdentical(to: reference) })
  }
}
