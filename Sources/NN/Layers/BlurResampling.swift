import Torch

/// Maps `[N, C, H, W]` halved or doubled through a blur, so that what a network makes of an image does not depend on where
/// the pixels begin (Zhang 2019, arXiv:1904.11486, section 3); in the padding and filters of CUT's code.
///
/// Halving smooths by [1, 2, 1] / 4 along both axes, the map continued by its mirror image, and keeps every second pixel.
/// Doubling spreads each pixel by [1, 3, 3, 1] / 4, the map continued by its edge; that is linear interpolation.
///
/// The filter is a buffer `filt`, as in that code, so that files fit. It is a constant: libtorch computes the same quicker
/// by means and by interpolation.
public final class BlurResampling {
  /// Which way maps change.
  public enum Change: Sendable {
    /// `[N, C, ⌈H / 2⌉, ⌈W / 2⌉]`.
    case halved
    /// `[N, C, 2 H, 2 W]`.
    case doubled
  }

  let change: Change
  private let filter: Tensor
  private let taps: [Double]
  private let padding = ReflectionPadding(1)

  /// A layer for maps of `channels` channels, of more than one pixel along each axis where they are halved.
  public init(_ path: Path, _ channels: Int, _ change: Change) {
    self.change = change
    taps = change == .halved ? [0.25, 0.5, 0.25] : [0.25, 0.75, 0.75, 0.25]
    filter = path.buffer("filt", Self.filter(taps, channels).to(path.state.dtype))
  }

  /// Whether the buffer, which a file may have overwritten, still holds the filter that the layer computes by.
  public var isIntact: Bool {
    filter.to(.cpu).to(.float64).isIdentical(to: Self.filter(taps, filter.size(0)))
  }

  /// The map of `x` in its new size.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch change {
    // [1, 2, 1] / 4 is the mean of two neighbouring means.
    case .halved: padding(x).averagePooled([2, 2], stride: [1, 1]).averagePooled([2, 2], stride: [2, 2])
    case .doubled: x.upsampledBilinear([2 * x.size(2), 2 * x.size(3)])
    }
  }

  /// `[channels, 1, n, n]`.
  private static func filter(_ taps: [Double], _ channels: Int) -> Tensor {
    let values = taps.flatMap { row in taps.map { row * $0 } }
    return Tensor(values, shape: [1, 1, taps.count, taps.count]).expanded([channels, 1, taps.count, taps.count])
      .contiguous()
  }
}
