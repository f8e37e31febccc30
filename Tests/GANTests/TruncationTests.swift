import GAN
import Testing

@Suite struct TruncationTests {
  private func sampler(_ truncation: Double?) throws -> Sampler {
    let description = NetworkDescription(.mlp, latentSize: 64, shape: SampleShape(channels: 1, height: 4, width: 4))
    return Sampler(
      try description.makeGenerator(random: RandomGenerator(seed: 1)), seed: 3, truncation: truncation)
  }

  @Test(arguments: [0.3, 1, 2.5]) func truncatedLatentsStayWithinTheLimitInTheirOrder(limit: Double) throws {
    let (free, cut) = (try sampler(nil).latents(0..<500), try sampler(limit).latents(0..<500))
    #expect(cut.abs().max().item <= limit)
    #expect(cut.abs().max().item > 0.95 * limit)
    // The draws keep their order, so that a picture changes gradually with the limit.
    let pairs = zip(free.array(of: Float.self), cut.array(of: Float.self)).sorted { $0.0 < $1.0 }.map(\.1)
    #expect(zip(pairs, pairs.dropFirst()).allSatisfy { $0 <= $1 })
  }

  /// The variance of the standard normal distribution cut off at ±t is 1 − 2 t φ(t) / (2 Φ(t) − 1): 0.29113 at 1.
  @Test func theirVarianceIsThatOfTheTruncatedNormal() throws {
    let latents = try sampler(1).latents(0..<2000).to(.float64)
    #expect(abs(latents.variance(axes: [0, 1]).item - 0.29113) < 0.005)
  }

  @Test func aWideLimitChangesNothing() throws {
    let (free, cut) = (try sampler(nil).latents(0..<20), try sampler(8).latents(0..<20))
    #expect((free - cut).abs().max().item < 1e-5)
  }
}
