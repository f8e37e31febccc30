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
}
