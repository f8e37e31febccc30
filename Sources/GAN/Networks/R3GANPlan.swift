import Glibc

/// The stages of R3GAN (Huang et al. 2024, arXiv:2501.05441) for the sides that a ``DCGANPlan`` knows: a stage for each
/// size of maps from the smallest to the picture's, each with two residual blocks.
///
/// Widths double from the base at the picture's size toward the smallest maps, at most 8-fold: the authors' network for
/// 256 pixels has base 96 (96, 192, 384, then 768).
package struct R3GANPlan {
  /// Residual blocks a stage.
  static let blocks = 2
  /// How many times as many channels a block has inside.
  static let expansion = 2

  /// The size of the smallest map.
  package let smallest: (Int, Int)
  /// By how much each stage but that of the smallest maps makes the (height, width) longer.
  package let ups: [(Int, Int)]
  /// The channels of each stage, from the smallest maps to the picture.
  package let features: [Int]

  package init(height: Int, width: Int, baseWidth: Int) throws(TrainingError) {
    let plan = try DCGANPlan(height: height, width: width, baseWidth: baseWidth)
    (smallest, ups) = (plan.smallest, plan.strides)
    features = (0...plan.strides.count).map { baseWidth * min(1 << (plan.strides.count - $0), 8) }
  }

  /// What is left of a block's first weights so that all blocks together keep the signal's variance: with L blocks of
  /// three layers, L to the power of −1/4 (Zhang et al. 2019, arXiv:1901.09321, section 3.2).
  var gain: Double { pow(Double(features.count * Self.blocks), -0.25) }
}
