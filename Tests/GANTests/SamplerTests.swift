import GAN
import Testing

@Suite struct SamplerTests {
  private func generator(_ network: NetworkKind, channels: Int = 1, side: Int = 12) throws -> any Generator {
    try NetworkDescription(
      network, latentSize: 8, shape: SampleShape(channels: channels, height: side, width: side), baseWidth: 4
    ).makeGenerator(random: RandomGenerator(seed: 1))
  }

  @Test(arguments: [NetworkKind.mlp, .dcgan, .dcganKeras], [1, 7, 100])
  func picturesDoNotDependOnTheBatch(network: NetworkKind, batch: Int) throws {
    let generator = try generator(network, channels: 3)
    let whole = try Sampler(generator, seed: 5, batch: 20).pictures(20)
    let parts = try Sampler(generator, seed: 5, batch: batch).pictures(20)
    #expect(parts.count == 20 && parts.channels == 3 && parts.height == 12 && parts.width == 12)
    let farthest = zip(whole.pixels, parts.pixels).map { abs(Int($0) - Int($1)) }.max()
    #expect((farthest ?? 255) <= 1)
    #expect(try Sampler(generator, seed: 6).pictures(20).pixels != whole.pixels)
  }

  @Test func latentsBelongToTheSample() throws {
    let sampler = Sampler(try generator(.mlp), seed: 9)
    let all = sampler.latents(0..<10).array(of: Float.self)
    #expect(sampler.latents(3..<5).array(of: Float.self) == Array(all[24..<40]))
  }

  @Test func greyLevelsAreRoundedAndOrderedByPixel() {
    let values: [Float] = [-1, -0.999, 0, 0.5, 1, 1, 0, -1]
    let stored = PictureDomain(SampleShape(channels: 2, height: 2, width: 2)).stored(
      Tensor(values, shape: [1, 2, 2, 2]))
    #expect(stored.withUnsafeBytes { Array($0) } == [0, 255, 0, 255, 128, 128, 191, 0])
  }

  @Test func pointsOfThePlane() throws {
    var description = NetworkDescription(
      .mlp, latentSize: 8, shape: SampleShape(channels: 2, height: 1, width: 1), baseWidth: 4)
    description.samples = .points
    let generator = try description.makeGenerator(random: RandomGenerator(seed: 1))
    let sampler = Sampler(generator, seed: 1, batch: 3)
    let images = generator(sampler.latents(0..<5)).tensor.array(of: Float.self)
    let points = try sampler.points(5)
    for (index, point) in points.enumerated() {
      #expect(abs(point.x - images[2 * index]) < 1e-6 && abs(point.y - images[2 * index + 1]) < 1e-6)
    }
    #expect(points.count == 5)
  }
}
