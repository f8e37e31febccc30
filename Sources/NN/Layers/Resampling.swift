import Torch

/// `[N, C, H, W]` enlarged by a whole factor.
public struct UpSample: Sendable {
  /// How new pixels get their values.
  public enum Mode: Sendable {
    /// The value of the pixel they lie in.
    case nearest
    /// Linear in both directions, corners not aligned.
    case bilinear
  }
  let factor: Int
  let mode: Mode

  /// A layer that makes sides `factor` times as long.
  public init(_ factor: Int, _ mode: Mode = .nearest) {
    self.factor = factor
    self.mode = mode
  }

  /// `[N, C, H factor, W factor]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let size = [x.size(2) * factor, x.size(3) * factor]
    return mode == .nearest ? x.upsampledNearest(size) : x.upsampledBilinear(size)
  }
}

/// `[N, C, H, W]` made smaller by a whole factor: the mean or the maximum of each square.
public struct DownSample: Sendable {
  /// What stands for a square of pixels.
  public enum Mode: Sendable { case average, maximum }
  let factor: Int
  let mode: Mode

  /// A layer that makes sides `factor` times shorter.
  public init(_ factor: Int, _ mode: Mode = .average) {
    self.factor = factor
    self.mode = mode
  }

  /// `[N, C, H / factor, W / factor]`, rounded down: rows and columns that fill no square are left out.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let window = [factor, factor]
    return mode == .average ? x.averagePooled(window, stride: window) : x.maxPooled(window, stride: window)
  }
}
