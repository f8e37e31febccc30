import Foundation
import Torch

private let convolution = Operation("aten::conv2d")
private let averagePool = Operation("aten::avg_pool2d")

/// How alike two pictures are in local means, contrasts and structure: SSIM (Wang et al. 2004, "Image quality assessment:
/// from error visibility to structural similarity"), and MS-SSIM over five scales (Wang, Simoncelli and Bovik 2003) where
/// the smaller side is more than 160 pixels, so that the coarsest scale still holds a window.
///
/// The window is Gaussian with deviation 1.5 and 11 x 11 pixels; where a side is shorter, as large as the largest odd
/// number that fits. Only whole windows count. 1 for equal pictures; SSIM can be negative, MS-SSIM cannot.
public struct StructuralSimilarity {
  /// The taps of the window along a side.
  public let window: Int
  /// The scales, 5 or 1.
  public let scales: Int

  private let height: Int
  private let width: Int

  /// The similarity of pictures of this size.
  ///
  /// - Parameter scales: 1 for SSIM, 5 for MS-SSIM; by the size where it is left out.
  public init(height: Int, width: Int, scales: Int? = nil) {
    precondition(height > 0 && width > 0, "pictures of \(width) x \(height) pixels have nothing to compare")
    let side = min(height, width)
    window = min(11, side - (side + 1) % 2)
    self.scales = scales ?? (side > 160 ? 5 : 1)
    precondition(
      self.scales == 1 || self.scales == 5 && side > 160,
      "\(self.scales) scales for \(width) x \(height) pixels; use 1, or 5 above 160 pixels per side")
    self.height = height
    self.width = width
  }

  /// The similarity of each pair, `[N]`, a mean over the channels.
  ///
  /// - Parameters:
  ///   - first: `[N, C, H, W]` in [-1, 1].
  ///   - second: of the same shape.
  /// - Throws: ``MetricError`` when the shapes differ or are not of this size.
  public func callAsFunction(_ first: Tensor, _ second: Tensor) throws -> Tensor {
    guard first.shape == second.shape, first.rank == 4, first.size(2) == height, first.size(3) == width else {
      throw MetricError(
        "pictures of shape \(first.shape) and \(second.shape): both must be [N, C, \(height), \(width)] to be compared")
    }
    // The weights of the paper; one scale is SSIM itself.
    let weights = scales == 1 ? [1] : [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]
    return try withTorchErrors {
      withoutGradient {
        // Every channel of every picture is a map of its own; side by side in memory they are blurred ten times as fast.
        let maps = [1, first.size(0) * first.size(1), height, width]
        var (x, y) = (
          ((first + 1) / 2).reshaped(maps).contiguous(.channelsLast),
          ((second + 1) / 2).reshaped(maps).contiguous(.channelsLast)
        )
        var similarity: Tensor?
        for (scale, weight) in weights.enumerated() {
          if scale > 0 { (x, y) = (halved(x), halved(y)) }
          let parts = compared(x, y)
          let last = scale == weights.count - 1
          let value = (last ? parts.contrast * parts.luminance : parts.contrast).mean(axes: [2, 3])
          let factor = scales == 1 ? value : value.clamped(0, .infinity).pow(weight)
          similarity = similarity.map { $0 * factor } ?? factor
        }
        return (similarity ?? .undefined).reshaped(first.size(0), -1).mean(axes: [1])
      }
    }
  }

  /// Maps of the luminance's similarity and of contrast and structure together, in [-1, 1] (2004, equations 6 and 13), of
  /// pictures in [0, 1].
  private func compared(_ x: Tensor, _ y: Tensor) -> (luminance: Tensor, contrast: Tensor) {
    let (meanX, meanY) = (blurred(x), blurred(y))
    let (squaredX, squaredY, both) = (meanX.squared(), meanY.squared(), meanX * meanY)
    let covariance = blurred(x * y) - both
    let variances = blurred(x.squared()) - squaredX + blurred(y.squared()) - squaredY
    let (c1, c2) = (0.01 * 0.01, 0.03 * 0.03)
    return ((both * 2 + c1) / (squaredX + squaredY + c1), (covariance * 2 + c2) / (variances + c2))
  }

  /// The mean under the window wherever a whole one fits, of each of the maps `[1, maps, H, W]`.
  private func blurred(_ maps: Tensor) -> Tensor {
    let taps = (0..<window).map { tap in
      let distance = Double(tap - window / 2)
      return exp(-distance * distance / (2 * 1.5 * 1.5))
    }
    let sum = taps.reduce(0, +)
    let count = maps.size(1)
    let weights = Tensor((0..<count).flatMap { _ in taps.map { $0 / sum } }).to(maps.dtype).to(maps.device)
    // Along the columns, then along the rows, each map by itself.
    return [[count, 1, window, 1], [count, 1, 1, window]].reduce(maps) { maps, shape in
      convolution(
        .tensor(maps), .tensor(weights.reshaped(shape)), .none, .ints([1, 1]), .ints([0, 0]), .ints([1, 1]), .int(count)
      )
    }
  }

  /// Means of 2 x 2 pixels; an odd side is padded with zeros on both ends, as the `pytorch_msssim` package does.
  private func halved(_ maps: Tensor) -> Tensor {
    averagePool(.tensor(maps), .ints([2, 2]), .ints([2, 2]), .ints([maps.size(2) % 2, maps.size(3) % 2]))
  }
}
