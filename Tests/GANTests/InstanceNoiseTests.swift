import GAN
import TestFixtures
import Testing

@Suite struct InstanceNoiseTests {
  @Test(arguments: [(0, 0.2), (25, 0.15), (100, 0), (500, 0)])
  func theNoiseFadesLinearly(step: Int, deviation: Double) {
    #expect(abs(InstanceNoise(deviation: 0.2, steps: 100).deviation(at: step) - deviation) < 1e-15)
    #expect(InstanceNoise(deviation: 0.2, steps: 0).deviation(at: step) == 0.2)
  }

  @Test func theNoiseIsNormalAndDiffersFromPixelToPixel() throws {
    let images = Images(.full([100, 3, 8, 8], 0.5, dtype: .float64)).requiringGradient()
    let noisy = InstanceNoise(deviation: 0.2, steps: 10)(images, step: 5, using: RandomStream(seed: 1)).tensor
    let noise = noisy.detached() - 0.5
    // 19,200 draws: four deviations of mean, variance and fourth moment.
    #expect(abs(noise.mean().item) < 0.1 * 4 / 138)
    #expect(abs(noise.squared().mean().item / 0.01 - 1) < 4 * 1.42 / 138)
    #expect(abs(noise.pow(4).mean().item / 0.0001 - 3) < 4 * 9.8 / 138)
    #expect(gradients(of: noisy.sum(), with: [images.tensor])[0]?.isIdentical(to: images.tensor.onesLike()) == true)
  }

  @Test func noNoiseChangesNothing() {
    let images = Images(.ones([2, 1, 2, 2]))
    let same = InstanceNoise(deviation: 0.2, steps: 10)(images, step: 10, using: RandomStream(seed: 1))
    #expect(same.tensor.isSame(as: images.tensor))
  }

  @Test func theNoiseDoesNotDependOnTheOrderInMemory() {
    let random = { RandomStream(seed: 1) }
    let images = Tensor.ones([4, 3, 2, 5])
    let noise = InstanceNoise(deviation: 1, steps: 0)
    let one = noise(Images(images), step: 0, using: random()).tensor
    #expect(one.isIdentical(to: noise(Images(images.contiguous(.channelsLast)), step: 0, using: random()).tensor))
  }
}
