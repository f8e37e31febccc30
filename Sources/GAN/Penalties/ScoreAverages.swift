/// Running means of D's scores of real and of generated images, as ``LeCam`` compares with (Tseng et al. 2021):
/// α = d α + (1 − d) mean.
///
/// The first 1 / (1 − d) batches have equal shares, so that the means do not set out from an arbitrary number.
public final class ScoreAverages {
  /// The mean score of real images, float64, without axes.
  public let real = Tensor(0, dtype: .float64)
  /// The mean score of generated images, float64, without axes.
  public let fake = Tensor(0, dtype: .float64)
  /// How many batches were taken, int64, without axes.
  let batches = Tensor.zeros([], dtype: .int64)
  /// The paper's γ, 0.99 there.
  public let decay: Double
  /// Before the present batch: the means. Of its parts so far: the mean scores.
  private var former: [Tensor] = []
  private var seen: [Tensor] = []

  /// Means that have seen no scores.
  public init(decay: Double = 0.99) { self.decay = decay }

  /// What a checkpoint keeps.
  public var tensors: [(name: String, tensor: Tensor)] {
    [("score_average.real", real), ("score_average.fake", fake), ("score_average.batches", batches)]
  }

  /// Takes the scores of a batch, or of a part of one.
  ///
  /// The means move once a batch, however many parts of equal size it comes in: after each of them they are where one
  /// batch of the parts so far would have moved them.
  ///
  /// - Parameter part: the part's number; 0 begins a batch.
  public func update(real realScores: Scores, fake fakeScores: Scores, part: Int = 0) {
    withoutGradient {
      let averages = [real, fake]
      let present = [realScores, fakeScores].map { $0.tensor.detached().to(.cpu).to(.float64).mean() }
      if part == 0 || former.isEmpty {
        batches.add(batches.onesLike())
        former = averages.map { $0.clone() }
        seen = present
      } else {
        averages.copy(from: former)
        seen.interpolate(toward: present, weight: 1 / Double(part + 1))
      }
      averages.interpolate(toward: seen, weight: max(1 - decay, 1 / batches.item))
    }
  }
}
