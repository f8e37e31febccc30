/// LeCam regularisation (Tseng et al. 2021, eq. 5–6, arXiv:2104.03310): weight · (E[(D(x) − α_F)²] + E[(D(G(z)) − α_R)²]),
/// where α_R and α_F are running means of D's scores of real and of generated images. Each side is held to the other's
/// mean, which keeps D from growing sure of few pictures.
///
/// The paper's formula. The authors' code puts a relu before each square, so that a real score below α_F, or a generated
/// one above α_R, costs nothing.
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
