import GAN
import TestFixtures
import Testing

@Suite struct FeatureMatchingTests {
  @Test func lossAndGradientAgreeWithPyTorch() throws {
    let expected = try fixture("objective")["feature_matching"]
    let real = try expected["features_real"].requiringGradient()
    let fake = try expected["features_fake"].requiringGradient()
    let loss = FeatureMatching(weight: 3)(real: real, fake: fake).tensor
    #expect((loss / 3).deviation(from: try expected["loss"]) < 1e-14)
    let found = gradients(of: loss / 3, with: [fake, real])
    #expect(try #require(found[0]).deviation(from: try expected["grad_fake"]) < 1e-14)
    #expect(found[1] == nil)
  }

  @Test func distancesOfPairsAgreeWithPyTorch() throws {
    let expected = try fixture("objective")["feature_distance"]
    let generated = try (0..<2).map { try expected["generated\($0)"].requiringGradient() }
    let targets = try (0..<2).map { try expected["targets\($0)"].requiringGradient() }
    let loss = FeatureDistance.l1(generated, targets).tensor
    #expect(loss.deviation(from: try expected["loss"]) < 1e-14)
    let found = gradients(of: loss, with: generated + targets)
    for layer in 0..<2 {
      #expect(try #require(found[layer]).deviation(from: try expected["grad_generated\(layer)"]) < 1e-14)
      #expect(found[2 + layer] == nil)
    }
  }
}
