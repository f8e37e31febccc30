import Datasets
import Pictures
import Torch

/// How pictures are brought to the size of a network that takes no other: by which rule two packages agree or differ.
public struct Resize: Sendable, Equatable {
  /// The known rules.
  public enum Rule: String, Sendable, CaseIterable {
    /// Cubic, its window widened where a picture shrinks so that it does not alias; not rounded: what clean-fid does
    /// (Parmar et al. 2022, arXiv:2104.11222), as Pillow does on floating-point pictures.
    case clean
    /// Linear between neighbours from the first pixel on, without a wider window: what TensorFlow 1 and so the original
    /// Fréchet distance and torch-fidelity do.
    case legacy
  }

  /// The rule.
  public let rule: Rule
  /// The sides of the result.
  public let side: Int

  /// A rule, and the sides it brings pictures to.
  public init(_ rule: Rule, to side: Int) {
    self.rule = rule
    self.side = side
  }

  /// As in "bicubic (clean) to 299x299".
  public var name: String {
    switch rule {
    case .clean: "bicubic (clean) to \(side)x\(side)"
    case .legacy: "bilinear (legacy TensorFlow) to \(side)x\(side)"
    }
  }

  /// - Parameter levels: grey levels 0 … 255, `[N, C, H, W]`, float32.
  /// - Returns: levels `[N, C, side, side]`, within 0 … 255 and not rounded.
  public func callAsFunction(_ levels: Tensor) -> Tensor {
    let (height, width) = (levels.size(2), levels.size(3))
    guard height != side || width != side else { return levels }
    // Both rules are linear, the rows apart from the columns.
    let across = levels.contiguous().matrixMultiplied(by: matrix(from: width).transposed())
    return matrix(from: height).matrixMultiplied(by: across).clamped(0, 255)
  }

  /// The weights `[side, size]` of a line's samples in those of the resized line.
  private func matrix(from size: Int) -> Tensor {
    switch rule {
    case .clean:
      let weights = ResamplingWeights(from: size, start: 0, length: Double(size), to: side, by: .cubic)
      return Tensor(weights.matrix(columns: size), shape: [side, size])
    case .legacy:
      var weights = [Float](repeating: 0, count: side * size)
      let scale = Float(Double(size) / Double(side))
      for index in 0..<side {
        let place = Float(index) * scale
        let first = Int(place)
        weights[index * size + first] += 1 - (place - Float(first))
        weights[index * size + min(first + 1, size - 1)] += place - Float(first)
      }
      return Tensor(weights, shape: [side, size])
    }
  }
}
