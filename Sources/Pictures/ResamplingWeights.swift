import Foundation

/// Which stored samples, with which weights, make each sample of a resized line.
package struct ResamplingWeights {
  /// The function of distance that a weight follows.
  package enum Kernel: Sendable {
    /// sinc x · sinc x/3 for |x| < 3 (Turkowski 1990, "Filters for common resampling tasks").
    case lanczos
    /// The cubic convolution of Keys 1981 (equation 4, with a = −1/2), Pillow's BICUBIC, for |x| < 2.
    case cubic

    /// How far it reaches.
    fileprivate var reach: Double { self == .lanczos ? 3 : 2 }

    fileprivate func callAsFunction(_ x: Double) -> Double {
      let x = abs(x)
      switch self {
      case .lanczos:
        guard x < 3 else { return 0 }
        guard x != 0 else { return 1 }
        let angle = Double.pi * x
        return sin(angle) / angle * sin(angle / 3) / (angle / 3)
      case .cubic:
        if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
        return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0
      }
    }
  }

  private let firsts: [Int]
  private let counts: [Int]
  /// ``taps`` weights for each sample, of which its count is used.
  private let weights: [Float]
  private let taps: Int

  /// Weights that resize the part from `start` of the given `length` of a line of `size` samples to `newSize` samples.
  package init(from size: Int, start: Double, length: Double, to newSize: Int, by kernel: Kernel = .lanczos) {
    let scale = length / Double(newSize)
    let stretch = max(scale, 1)
    let reach = kernel.reach * stretch
    taps = Int(reach.rounded(.up)) * 2 + 1
    var firsts = [Int]()
    var counts = [Int]()
    var weights = [Float](repeating: 0, count: newSize * taps)
    for index in 0..<newSize {
      let centre = start + (Double(index) + 0.5) * scale
      let first = max(Int(centre - reach + 0.5), 0)
      let count = min(Int(centre + reach + 0.5), size) - first
      let line = (0..<count).map { kernel((Double(first + $0) - centre + 0.5) / stretch) }
      let sum = line.reduce(0, +)
      for (tap, weight) in line.enumerated() { weights[index * taps + tap] = Float(weight / sum) }
      firsts.append(first)
      counts.append(count)
    }
    self.firsts = firsts
    self.counts = counts
    self.weights = weights
  }

  /// All weights as a matrix: a row for each sample of the resized line, a column for each of the `columns` stored ones.
  package func matrix(columns: Int) -> [Float] {
    var matrix = [Float](repeating: 0, count: firsts.count * columns)
    for index in firsts.indices {
      for tap in 0..<counts[index] { matrix[index * columns + firsts[index] + tap] = weights[index * taps + tap] }
    }
    return matrix
  }

  /// The stored samples that are used at all.
  var range: Range<Int> {
    let last = zip(firsts, counts).map { $0 + $1 }.max() ?? 0
    return min(firsts.min() ?? 0, last)..<last
  }

  /// Resizes a line of pixels that lie `stride` bytes apart. What the filter overshoots is cut off here, before it can
  /// spread.
  func applyAcross(_ pixels: UnsafePointer<UInt8>, stride: Int, channels: Int, to target: UnsafeMutablePointer<UInt8>) {
    weights.withUnsafeBufferPointer { weights in
      for index in firsts.indices {
        var source = pixels + firsts[index] * stride
        let base = index * taps
        if channels == 3 {
          var (r, g, b) = (Float(0), Float(0), Float(0))
          for tap in 0..<counts[index] {
            let weight = weights[base + tap]
            r += weight * Float(source[0])
            g += weight * Float(source[1])
            b += weight * Float(source[2])
            source += stride
          }
          (target[3 * index], target[3 * index + 1], target[3 * index + 2]) = (Self.byte(r), Self.byte(g), Self.byte(b))
        } else {
          var sum = Float(0)
          for tap in 0..<counts[index] {
            sum += weights[base + tap] * Float(source[0])
            source += stride
          }
          target[index] = Self.byte(sum)
        }
      }
    }
  }

  /// Resizes columns: `lines` are rows of `line` numbers from row `firstRow` on.
  func applyDown(
    _ lines: UnsafePointer<UInt8>, firstRow: Int, line: Int, to target: UnsafeMutablePointer<UInt8>
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: line) { sums in
      for index in firsts.indices {
        sums.initialize(repeating: 0)
        for tap in 0..<counts[index] {
          let weight = weights[index * taps + tap]
          let source = lines + (firsts[index] + tap - firstRow) * line
          for column in 0..<line { sums[column] += weight * Float(source[column]) }
        }
        for column in 0..<line { target[index * line + column] = Self.byte(sums[column]) }
      }
    }
  }

  private static func byte(_ value: Float) -> UInt8 { UInt8(min(max(value + 0.5, 0), 255)) }
}
