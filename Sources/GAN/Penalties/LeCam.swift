/// LeCam regularisation (Tseng et al. 2021, eq. 5–6, arXiv:2104.03310): weight · (E[(D(x) − α_F)²] + E[(D(G(z)) −
/// α_R)²]), where α_R and α_F are running means of D's scores of real and of generated images. Each side is pulled
/// toward the other's mean, which regularises D on small data sets.
///
/// This is the paper's formula. The authors' code has a relu before each square: there a real score below α_F, or a
/// generated one above α_R, costs nothing.
public struct LeCam: Sendable {
  /// The paper's λ.
  public let weight: Double

  /// A penalty of this weight.
  public init(weight: Double) { self.weight = weight }

  /// - Parameters:
  ///   - real: D's scores of real images.
  ///   - fake: D's scores of generated images.
  ///   - averages: the running means, which take no gradient.
  public func callAsFunction(real: Scores, fake: Scores, averages: ScoreAverages) -> Loss {
    weight
      * (Scores(real.tensor - averages.fake).squared().mean() + Scores(fake.tensor - averages.real).squared().mean())
  }
}

/// Running means of D's scores of real and of generated images, which ``LeCam`` uses (Tseng et al. 2021):
/// α = d α + (1 − d) mean.
///
/// The first 1 / (1 − d) batches have equal weight, so that the means do not depend on an arbitrary start.
public final class ScoreAverages {
  /// The mean score of real images, float64, without axes.
  public let real: Tensor
  /// The mean score of generated images, float64, without axes.
  public let fake: Tensor
  /// How many batches were taken, int64, without axes.
  let batches: Tensor
  /// The paper's γ, 0.99 there.
  public let decay: Double
  /// Before the present batch: the means. Of its parts so far: the mean scores.
  private var former: [Tensor] = []
  private var seen: [Tensor] = []

  /// Means before the first batch, kept where D computes.
  public init(decay: Double = 0.99, device: Device = .cpu) {
    self.decay = decay
    real = Tensor(0, dtype: .float64, device: device)
    fake = Tensor(0, dtype: .float64, device: device)
    batches = Tensor(0, dtype: .int64, device: device)
  }

  /// What a checkpoint keeps.
  public var tensors: [(name: String, tensor: Tensor)] {
    [("score_average.real", real), ("score_average.fake", fake), ("score_average.batches", batches)]
  }

  /// Updates the means by the scores of a batch, or of one of its parts of equal size.
  ///
  /// Parts count as one batch: after each, the means are what a single batch of the parts so far would have made them.
  ///
  /// - Parameter part: the part's number; 0 starts a batch.
  public func update(real realScores: Scores, fake fakeScores: Scores, part: Int = 0) {
    withoutGradient {
      let averages = [real, fake]
      let present = [realScores, fakeScores].map { $0.tensor.detached().to(.float64).mean() }
      if part == 0 || former.isEmpty {
        batches.add(batches.onesLike())
        former = averages.map { $0.clone() }
        seen = present
      } else {
        averages.copy(from: former)
        seen.interpolate(toward: present, weight: 1 / Double(part + 1))
      }
      averages.interpolate(toward: seen, weight: (1 / batches.to(.float64)).clamped(1 - decay, 1))
    }
  }
}
