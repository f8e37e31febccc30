import Datasets
import Metrics
import Torch

/// Everything that decides how a game is played, but for the data, the seed and when to stop: what `recipe.json` holds.
///
/// Each game has a recipe type of its own, with the settings of training, those of each player under its name, and those of
/// the game. All of them are ``settings``, by which `--set` and `recipe.json` reach them.
public protocol Recipe: Sendable, Equatable {
  /// What `recipe.json` calls the game.
  static var game: String { get }
  /// All settings, in the order in which people are shown them. Their keys differ.
  static var settings: [Setting<Self>] { get }

  /// What people call it, as in "wgan".
  var name: String { get set }
  /// What it is for, in a sentence.
  var purpose: String { get set }
  /// How the game is trained.
  var training: TrainingSettings { get set }

  /// The recipe called `name`, with default settings where there is none of that name.
  init(recorded name: String)

  /// How many batches of the data a step takes, accumulation aside.
  var batchesPerStep: Int { get }
  /// Whether the game is conditional on classes: on labels, or on groups that are found.
  var isConditional: Bool { get }
  /// Which sides of the data it translates; nil where it does not translate, and samples are loaded as they are.
  var sides: Sides? { get }
  /// The size in which samples are loaded where nobody asks for one; nil for the size that they have.
  var usualSize: (width: Int, height: Int)? { get }

  /// Makes several changes at once, each of a key to a value.
  mutating func set(_ changes: [(key: String, value: String)]) throws(TrainingError)
  /// Throws when settings contradict each other, with the sentence that says which and why.
  func validate() throws(TrainingError)
  /// Throws when the game cannot be played on these data.
  func validate(for data: Dataset) throws(TrainingError)
  /// What the setting called `key` is for, where nothing in this recipe reads it; `nil` where something does.
  func useOfUnreadSetting(_ key: String) -> String?
  /// The data with what the game needs from all of them before its first step, such as groups that are found in them, as derived
  /// columns; the data themselves where it needs nothing or they have it. It may take minutes.
  ///
  /// - Parameter progress: called while an extractor of features is trained.
  func prepared(_ data: Dataset, _ progress: (ExtractorProgress) -> Void) throws -> Dataset
  /// Fits what changes over a run to its number of steps.
  mutating func fit(toSteps steps: Int)
  /// Makes its networks those of a file or a run, whose weights it begins with.
  ///
  /// - Throws: `FileError` for a file of other networks; ``TrainingError`` for a game that begins with drawn weights alone.
  mutating func begin(with path: String) throws
  /// The recipe of a run that goes on: its checkpoint holds what has become of the weights that it began with.
  var resumed: Self { get }
  /// The game at its beginning.
  ///
  /// - Parameters:
  ///   - data: as ``prepared(_:_:)`` gives them.
  ///   - seed: what its weights are drawn by.
  ///   - device: where it is played.
  func makeGame(for data: Dataset, seed: UInt64, on device: Device) throws -> any Game
}

extension Recipe {
  /// Samples in one computation.
  public var batch: Int {
    get { training.batch }
    set { training.batch = newValue }
  }
  /// How many batches make the gradient of one move.
  public var accumulation: Int {
    get { training.accumulation }
    set { training.accumulation = newValue }
  }
  /// The arithmetic of matrix products and convolutions.
  public var precision: Precision {
    get { training.precision }
    set { training.precision = newValue }
  }
  /// Steps when nothing else limits a run.
  public var steps: Int {
    get { training.steps }
    set { training.steps = newValue }
  }

  /// It begins with drawn weights.
  public mutating func begin(with path: String) throws {
    throw TrainingError("\(name) begins with weights that are drawn, and with no others")
  }

  /// It begins with drawn weights, and goes on as it is.
  public var resumed: Self { self }

  /// Nothing is needed.
  public func prepared(_ data: Dataset, _ progress: (ExtractorProgress) -> Void) throws -> Dataset { data }

  /// The data with what the game needs from all of them.
  public func prepared(_ data: Dataset) throws -> Dataset { try prepared(data) { _ in } }

  /// The game at its beginning, played on the host.
  public func makeGame(for data: Dataset, seed: UInt64) throws -> any Game {
    try makeGame(for: data, seed: seed, on: .cpu)
  }

  /// One.
  public var batchesPerStep: Int { 1 }
  /// It is not.
  public var isConditional: Bool { false }
  /// None: it does not translate.
  public var sides: Sides? { nil }
  /// Their own.
  public var usualSize: (width: Int, height: Int)? { nil }
  /// Samples of the data that a step takes.
  public var samplesPerStep: Int { batch * accumulation * batchesPerStep }

  /// One change after the other.
  public mutating func set(_ changes: [(key: String, value: String)]) throws(TrainingError) {
    for (key, value) in changes { try set(key, value) }
  }

  /// All settings are read.
  public func useOfUnreadSetting(_ key: String) -> String? { nil }

  /// Sets the setting called `key` from text.
  ///
  /// - Throws: ``TrainingError`` that names the nearest key, or what the setting takes.
  public mutating func set(_ key: String, _ value: String) throws(TrainingError) {
    guard let setting = Self.settings.first(where: { $0.key == key }) else {
      let keys = Self.settings.map(\.key)
      let near = nearest(to: key, among: keys + keys.compactMap { $0.split(separator: ".").last.map(String.init) })
      let meant = near.map { near in keys.filter { $0 == near || $0.hasSuffix("." + near) } } ?? []
      let hint = meant.isEmpty ? "" : "; did you mean \(meant.joined(separator: " or "))?"
      throw TrainingError("the recipe \(name) has no setting '\(key)'\(hint)")
    }
    try setting.set(&self, value)
  }

  /// Throws when a setting lies outside its range: a program can set what no text could, so each has to take its own value.
  public func validateRanges() throws(TrainingError) {
    var copy = self
    for setting in Self.settings { try setting.set(&copy, setting.text(self)) }
  }
}
