import GAN
import TestFixtures
import Testing

@Suite struct ReconstructionTests {
  @Test(arguments: try fixture("objective").cases("reconstruction."))
  func lossAndGradientAgreeWithPyTorch(name: String) throws {
    let (given, expected) = (try fixture("objective")["reconstruction"], try fixture("objective")[name])
    let images = try given["images"].requiringGradient()
    let kind: Reconstruction = name.hasSuffix("l1") ? .l1 : .l2
    let loss = kind(Images(images), Images(try given["targets"])).tensor
    #expect(loss.deviation(from: try expected["loss"]) < 1e-15)
    let gradient = try #require(gradients(of: loss, with: [images])[0])
    #expect(gradient.deviation(from: try expected["grad_images"]) < 1e-15)
  }
}
