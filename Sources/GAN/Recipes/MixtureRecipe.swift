/// The settings of the mixture of Gaussians.
public struct MixtureRecipe: Recipe {
  /// What `recipe.json` calls the game.
  public static let game = "mixture-model"

  /// What people call it.
  public var name: String
  /// What it is for, in a sentence.
  public var purpose: String

  /// The number of Gaussians.
  public var components = 8
  /// How fast what earlier batches said is forgotten: step n counts n^(−exponent); 0 for the newest batch alone, above
  /// 0.5 for parameters that settle (Cappé and Moulines 2009).
  public var stepExponent = 0.6
  /// What is added to each variance, so that no component shrinks to a point.
  public var covarianceFloor = 1e-8
  /// The size of a step, and how many steps there are. The precision is not read: EM computes in float64.
  public var training: TrainingSettings

  /// The default settings, for a run of `steps` steps.
  public init(_ name: String, purpose: String, steps: Int) {
    (self.name, self.purpose) = (name, purpose)
    training = TrainingSettings(steps: steps)
    training.batch = 1000
    training.precision = .float32
  }

  /// The recipe called `name`, or one with default settings where there is none of that name.
  public init(recorded name: String) {
    self = name == Self.gmm.name ? .gmm : MixtureRecipe(name, purpose: "", steps: 1)
  }

  /// Eight Gaussians.
  public static var gmm: MixtureRecipe {
    MixtureRecipe(
      "gmm",
      purpose: "mixture of Gaussians by expectation maximisation, for points in the plane: no network, no gradient",
      steps: 200)
  }

  /// All settings, in the order in which people are shown them.
  public static let settings: [Setting<MixtureRecipe>] =
    [
      .whole("components", \.components, 1...10_000),
      .number("step_exponent", \.stepExponent, 0...1),
      .number("covariance_floor", \.covarianceFloor, 1e-12...1),
    ] + TrainingSettings.settings.filter { $0.key != "precision" }.map { $0.of(\.training) }

  /// Throws when a setting lies outside its range.
  public func validate() throws(TrainingError) { try validateRanges() }

  /// Throws when the data are no points in the plane, or fewer than there are components.
  public func validate(for data: Dataset) throws(TrainingError) {
    guard data.kind == .points else {
      throw TrainingError(
        "\(name) is for points in the plane, as ring8 and grid25 have them, and \(data.name) has samples of "
          + "\(data.shape): take one of those, or another recipe")
    }
    guard data.count >= components else {
      throw TrainingError(
        "components=\(components) are more than the \(data.count) points of \(data.name): take \(data.count) or fewer")
    }
  }

  /// Nothing changes with the number of steps.
  public mutating func fit(toSteps steps: Int) {}

  /// The game at its beginning.
  public func makeGame(for data: Dataset, seed: UInt64, on device: Device) throws -> any Game {
    try MixtureModel(self, data: data, seed: seed, device: device)
  }
}
