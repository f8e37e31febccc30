import Torch

/// How a parameter is initialised.
///
/// The fans of a shape are those of PyTorch's `torch.nn.init`: for `[a, b, ...]` the fan in is b, the fan out a, each
/// times the product of the rest. (A transposed convolution's weight is `[in, out, ...]`, so its fans are swapped; for
/// Glorot's rules that makes no difference.)
public struct Initializer {
  let fill: (Tensor, RandomGenerator) -> Void

  /// The same value everywhere.
  public static func constant(_ value: Double) -> Initializer { Initializer { tensor, _ in tensor.fill(value) } }
  /// Zeros.
  public static var zeros: Initializer { constant(0) }
  /// Ones.
  public static var ones: Initializer { constant(1) }

  /// Normal draws; DCGAN takes deviation 0.02 (Radford et al. 2016, section 4).
  public static func normal(mean: Double = 0, deviation: Double = 0.02) -> Initializer {
    Initializer { $0.fillNormal(mean: mean, deviation: deviation, using: $1) }
  }

  /// Uniform draws from `-bound ..< bound`.
  public static func uniform(bound: Double) -> Initializer { Initializer { $0.fillUniform(-bound, bound, using: $1) } }

  /// Normal draws, those beyond two deviations drawn again (as Keras's `TruncatedNormal`); here through the inverse of
  /// the distribution function.
  public static func truncatedNormal(mean: Double = 0, deviation: Double = 0.02) -> Initializer {
    Initializer { tensor, random in
      // Φ(2) − Φ(−2) = erf(√2) = 0.9544997361036416.
      tensor.fillUniform(-0.9544997361036416, 0.9544997361036416, using: random)
      inverseErrorFunction(.tensor(tensor))
      tensor.multiply(by: deviation * 2.0.squareRoot())
      tensor.add(tensor.onesLike(), scale: mean)
      tensor.clamp(mean - 2 * deviation, mean + 2 * deviation)
    }
  }

  /// Uniform with variance 2 / (fan in + fan out) (Glorot and Bengio 2010, eq. 16).
  public static var glorotUniform: Initializer {
    Initializer { tensor, random in
      let (fanIn, fanOut) = fans(tensor)
      let bound = (6 / (fanIn + fanOut)).squareRoot()
      tensor.fillUniform(-bound, bound, using: random)
    }
  }

  /// Normal with variance 2 / (fan in + fan out) (Glorot and Bengio 2010, eq. 12).
  public static var glorotNormal: Initializer {
    Initializer { tensor, random in
      let (fanIn, fanOut) = fans(tensor)
      tensor.fillNormal(deviation: (2 / (fanIn + fanOut)).squareRoot(), using: random)
    }
  }

  /// Uniform with variance 2 / ((1 + slope²) fan in), for layers before a leaky relu of that slope (He et al. 2015,
  /// eq. 15).
  public static func heUniform(slope: Double = 0) -> Initializer {
    Initializer { tensor, random in
      let bound = (6 / ((1 + slope * slope) * fans(tensor).fanIn)).squareRoot()
      tensor.fillUniform(-bound, bound, using: random)
    }
  }

  /// Normal with variance 2 / ((1 + slope²) fan in) (He et al. 2015, eq. 15).
  public static func heNormal(slope: Double = 0) -> Initializer {
    Initializer { tensor, random in
      tensor.fillNormal(deviation: (2 / ((1 + slope * slope) * fans(tensor).fanIn)).squareRoot(), using: random)
    }
  }

  /// Orthonormal rows or columns, whichever are fewer, times `gain` (Saxe et al. 2014); the axes after the first are
  /// taken as one.
  public static func orthogonal(gain: Double = 1) -> Initializer {
    Initializer { tensor, random in
      let rows = tensor.size(0)
      let columns = tensor.count / rows
      let draws = Tensor.empty([max(rows, columns), min(rows, columns)])
      draws.fillNormal(using: random)
      let factors = qr.all(.tensor(draws))
      // The decomposition is unique, and its law uniform, once R has a positive diagonal.
      let signs = sign(.tensor(diagonal(.tensor(factors[1]))))
      let basis = factors[0] * signs
      tensor.copy(from: (rows < columns ? basis.transposed() : basis).reshaped(tensor.shape) * gain)
    }
  }

  /// The same draws, each times `factor`.
  public func scaled(by factor: Double) -> Initializer {
    Initializer { tensor, random in
      fill(tensor, random)
      tensor.multiply(by: factor)
    }
  }

  /// PyTorch's default for weights: uniform within 1 / √(fan in).
  public static var torchDefault: Initializer { heUniform(slope: 5.0.squareRoot()) }
}

private let inverseErrorFunction = Operation("aten::erfinv_")
private let qr = Operation("aten::linalg_qr")
private let sign = Operation("aten::sgn")
private let diagonal = Operation("aten::diagonal")

private func fans(_ tensor: Tensor) -> (fanIn: Double, fanOut: Double) {
  let shape = tensor.shape
  precondition(shape.count >= 2, "fan-in and fan-out need a matrix or more axes; this parameter has shape \(shape)")
  let window = shape.dropFirst(2).reduce(1, *)
  return (Double(shape[1] * window), Double(shape[0] * window))
}
