import Foundation

/// A mixture of Gaussians over points in the plane: how likely a point is, and points drawn from it.
///
/// Its parameters are float64: a covariance is a small difference of large moments.
public final class GaussianMixture: Model {
  /// What its file calls it.
  public static let network = "gaussian-mixture"
  /// The number D of coordinates of a point.
  public static let dimensions = 2

  /// Its parameters.
  public let state: StateDict
  /// The share of each component, `[K]`, 1 in all.
  public let weights: Tensor
  /// `[K, D]`.
  public let means: Tensor
  /// `[K, D, D]`.
  public let covariances: Tensor

  /// Components that are all alike: standard normal.
  public init(components: Int, device: Device = .cpu) {
    state = StateDict(random: RandomGenerator(seed: 0), dtype: .float64, device: device)
    let size = Self.dimensions
    weights = state.root.parameter("weights", shape: [components], .constant(1 / Double(components)))
    means = state.root.parameter("means", shape: [components, size], .zeros)
    covariances = state.root.parameter("covariances", shape: [components, size, size], .zeros)
    withoutGradient { covariances.copy(from: identity) }
  }

  /// The number K of components.
  public var components: Int { weights.count }
  /// What its file says of it.
  public var blueprint: Blueprint { Self.blueprint(components: components) }

  private static func blueprint(components: Int) -> Blueprint {
    Blueprint(
      network, settings: ["components": components], inputs: [.latents(1 + dimensions)],
      output: .samples(.points, SampleShape(channels: dimensions, height: 1, width: 1)))
  }

  /// The number of components of the mixture that a file describes.
  ///
  /// - Throws: ``TrainingError`` where it says none, or what it describes gives no points.
  static func components(_ blueprint: Blueprint) throws(TrainingError) -> Int {
    guard let components = blueprint.settings["components"], components > 0 else {
      throw TrainingError("the metadata's 'settings' lack 'components', a whole number from 1 to 65,536")
    }
    guard blueprint == Self.blueprint(components: components) else {
      throw TrainingError(
        "a mixture of Gaussians takes 3 latents and gives points in the plane; the metadata say otherwise")
    }
    return components
  }

  /// - Throws: ``TrainingError`` if a covariance is not positive definite, so that no points can be drawn by it.
  public func validate() throws {
    let failures = withoutGradient { covarianceFactorization.hasFailed.to(.float64).array(of: Double.self) }
    if let component = failures.firstIndex(of: 1) {
      throw TrainingError("its tensor covariances is not positive definite at component \(component)")
    }
  }

  /// L of each covariance Σ = L Lᵀ, `[K, D, D]`; not a number if Σ is not positive definite. Reads of files check that, not
  /// steps, in which the host would have to wait for it.
  private var covarianceFactors: Tensor {
    let (factors, hasFailed) = covarianceFactorization
    return masked(.tensor(factors), .tensor(hasFailed.reshaped(-1, 1, 1)), .double(.nan))
  }

  /// L of each covariance, and whether there is none, `[K]`.
  private var covarianceFactorization: (factors: Tensor, hasFailed: Tensor) {
    let found = cholesky.all(.tensor(covariances))
    guard found.count == 2 else { return (.undefined, .undefined) }
    return (found[0], found[1].isGreater(than: 0))
  }

  /// log wₖ + log N(x; μₖ, Σₖ) of each component and point, `[K, N]`.
  ///
  /// - Parameter points: `[N, D]`.
  func jointLogDensities(_ points: Tensor) -> Tensor {
    let factors = covarianceFactors
    // x − μ as columns, `[K, D, N]`: with Σ = L Lᵀ the squared Mahalanobis distance is |L⁻¹ (x − μ)|².
    let offsets = points.transposed().reshaped(1, Self.dimensions, -1) - means.reshaped(components, -1, 1)
    let distances = triangularSolution(.tensor(factors), .tensor(offsets), .bool(false)).squared().sum(axes: [1])
    let halfLogDeterminants = diagonals(.tensor(factors), .int(0), .int(1), .int(2)).log().sum(axes: [1])
    let constant = Double(Self.dimensions) / 2 * log(2 * Double.pi)
    return distances * -0.5 + (weights.log() - halfLogDeterminants - constant).reshaped(-1, 1)
  }

  /// The points that latents `[N, 1 + D]` stand for: the first number's quantile picks the component, the others are
  /// the point's place in it.
  public func callAsFunction(_ input: Batch, _ pass: Pass) -> Batch {
    let latents = input[.latents].tensor.to(.float64)
    let count = latents.size(0)
    let quantiles = distribution(.tensor(latents.slice(1, from: 0, count: 1).reshaped(-1)))
    let bounds = cumulativeSum(.tensor(weights), .int(0))[0..<components - 1]
    let chosen = bucket(.tensor(quantiles), .tensor(bounds), .bool(false), .bool(true))
    let places = latents.slice(1, from: 1, count: Self.dimensions).reshaped(count, -1, 1)
    let offsets = covarianceFactors.rows(chosen).matrixMultiplied(by: places)
    let points = means.rows(chosen) + offsets.reshaped(count, -1)
    return Batch(count: count).with(.images, Images(points.to(.float32).reshaped(count, -1, 1, 1)))
  }
}

/// What EM keeps of points: the means over them of each component's responsibility r, of r x and of r x xᵀ.
package struct MixtureMoments {
  /// `[K]`.
  package let responsibilities: Tensor
  /// `[K, D]`.
  package let points: Tensor
  /// `[K, D, D]`.
  package let products: Tensor

  package init(_ responsibilities: Tensor, _ points: Tensor, _ products: Tensor) {
    (self.responsibilities, self.points, self.products) = (responsibilities, points, products)
  }

  /// Those of points `[N, D]` with the responsibilities `[K, N]`.
  package init(of points: Tensor, _ responsibilities: Tensor) {
    let share = responsibilities * (1 / Double(points.size(0)))
    let (components, size) = (share.size(0), points.size(1))
    let weighted = share.reshaped(components, 1, -1) * points.transposed().reshaped(1, size, -1)
    self.init(share.sum(axes: [1]), share.matrixMultiplied(by: points), weighted.matrixMultiplied(by: points))
  }

  /// All three.
  var tensors: [Tensor] { [responsibilities, points, products] }

  /// `self` + `weight` · (`other` − `self`).
  func moved(toward other: MixtureMoments, weight: Double) -> MixtureMoments {
    let moved = zip(tensors, other.tensors).map { $0 + ($1 - $0) * weight }
    return MixtureMoments(moved[0], moved[1], moved[2])
  }
}

extension GaussianMixture {
  /// The E-step: the moments of points `[N, D]` at the present parameters, and their mean log likelihood.
  package func expectation(_ points: Tensor) -> (moments: MixtureMoments, logLikelihood: Tensor) {
    let joint = jointLogDensities(points)
    let likelihoods = logSumExp(.tensor(joint), .ints([0]))
    return (MixtureMoments(of: points, (joint - likelihoods).exp()), likelihoods.mean())
  }

  /// The M-step: the weights, means and covariances that moments give. A component that no point belongs to stays where
  /// it is.
  ///
  /// - Parameter floor: is added to the variances, so that a component never shrinks to a point.
  package func maximisation(_ moments: MixtureMoments, floor: Double) -> [Tensor] {
    let shares = moments.responsibilities
    let means = moments.points / shares.reshaped(-1, 1)
    let squares = means.reshaped(components, -1, 1) * means.reshaped(components, 1, -1)
    let covariances = moments.products / shares.reshaped(-1, 1, 1) - squares + identity * floor
    let isThere = shares.isGreater(than: Self.leastShare)
    return [
      shares / shares.sum(), .chosen(where: isThere.reshaped(-1, 1), means, else: self.means),
      .chosen(where: isThere.reshaped(-1, 1, 1), covariances, else: self.covariances),
    ]
  }

  private var identity: Tensor {
    unitMatrix(.int(Self.dimensions), .dtype(.float64), .none, .device(covariances.device))
  }

  /// Below it a quotient of moments says nothing.
  private static let leastShare = 1e-12
}

private let cholesky = Operation("aten::linalg_cholesky_ex")
private let masked = Operation("aten::masked_fill", "Scalar")
private let triangularSolution = Operation("aten::linalg_solve_triangular")
private let diagonals = Operation("aten::diagonal")
private let logSumExp = Operation("aten::logsumexp")
private let unitMatrix = Operation("aten::eye")
private let distribution = Operation("aten::special_ndtr")
private let cumulativeSum = Operation("aten::cumsum")
private let bucket = Operation("aten::bucketize", "Tensor")
