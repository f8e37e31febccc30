/// A residual block of R3GAN (Huang et al. 2024, section 4.2): 1x1 to twice the channels, 3x3 in groups, 1x1 back, leaky
/// relu of slope 0.2 between them, no normalisation. The last weights start as zeros: the block begins as the identity.
///
/// The authors take 16 channels a group; where 16 do not divide the channels inside, the largest power of 2 that does.
package final class R3GANBlock {
  package let conv1, conv2, conv3: Conv2d

  package init(_ path: Path, _ channels: Int, gain: Double) {
    let inside = R3GANPlan.expansion * channels
    let groups = inside / min(16, inside & -inside)
    let initializer = Initializer.heNormal(slope: 0.2).scaled(by: gain)
    conv1 = Conv2d(path / "conv1", channels, inside, kernel: 1, initializer: initializer)
    conv2 = Conv2d(
      path / "conv2", inside, inside, kernel: 3, padding: .symmetric(1), groups: groups, initializer: initializer)
    conv3 = Conv2d(path / "conv3", inside, channels, kernel: 1, bias: false, initializer: .zeros)
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { x + conv3(conv2(conv1(x).leakyReLU(0.2)).leakyReLU(0.2)) }
}

/// The blocks of one size of maps, and what leads to them or away from them.
package struct R3GANStage {
  package let blocks: [R3GANBlock]
  /// A 1x1 convolution where the number of channels changes.
  package let transition: Conv2d?
  /// By how much the maps' (height, width) change.
  let factor: (Int, Int)

  /// - Parameters:
  ///   - channels: those of the blocks.
  ///   - change: the transition's (inputs, outputs); `nil` where there is none.
  init(_ path: Path, _ channels: Int, change: (Int, Int)?, factor: (Int, Int), gain: Double) {
    blocks = (1...R3GANPlan.blocks).map { R3GANBlock(path / "block\($0)", channels, gain: gain) }
    self.factor = factor
    transition = change.flatMap { inputs, outputs in
      inputs == outputs
        ? nil : Conv2d(path / "transition", inputs, outputs, kernel: 1, bias: false, initializer: .unitVariance)
    }
  }
}

extension Initializer {
  /// Normal with variance 1 / fan in, for layers that no activation follows.
  static var unitVariance: Initializer { heNormal(slope: 1) }
}
