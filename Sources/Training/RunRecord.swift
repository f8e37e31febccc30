import Datasets
import Files
import Foundation
import Metrics
import Torch

/// `recipe.json`: everything that repeats a run, and what it ran on.
public struct RunRecord: Sendable, Codable, Equatable {
  /// The recipe's name.
  public var recipe: String
  /// The game that is played; nil in files from the time when there was one game only.
  public var game: String?
  /// Every setting of the recipe by its key.
  public private(set) var settings: [String: SettingValue]
  /// What was asked of the run.
  public var run: RunSettings
  /// The data that were found.
  public var dataset: DatasetRecord
  /// What the run was made with.
  public var versions: Versions

  /// The data a run trains on.
  public struct DatasetRecord: Sendable, Codable, Equatable {
    /// The data set's own name.
    public var name: String
    /// The number of samples.
    public var count: Int
    /// The shape of a sample.
    public var shape: SampleShape
    /// The SHA-256 of samples and labels.
    public var fingerprint: String

    init(_ data: Dataset) {
      name = data.name
      count = data.count
      shape = data.shape
      fingerprint = data.fingerprint
    }
  }

  /// Versions and processor.
  public struct Versions: Sendable, Codable, Equatable {
    var swift_gan = packageVersion
    var libtorch = Machine.libtorchVersion
    var cpu = Machine.cpuCapability
  }

  /// What repeats a run of a recipe.
  init<R: Recipe>(_ recipe: R, _ run: RunSettings, _ data: Dataset) {
    self.init(
      recipe.name, R.game, Dictionary(uniqueKeysWithValues: R.settings.map { ($0.key, $0.text(recipe)) }), run, data)
  }

  /// What is known of a run of a game without a recipe.
  init(_ game: any Game, named name: String, _ training: TrainingSettings, _ run: RunSettings, _ data: Dataset) {
    let settings =
      TrainingSettings.settings.map { ($0.key, $0.text(training)) }
      + game.players.flatMap { player in
        PlayerSettings.settings.map { ("\(player.name).\($0.key)", $0.text(player.settings)) }
      }
    self.init(name, name, Dictionary(uniqueKeysWithValues: settings), run, data)
  }

  private init(_ recipe: String, _ game: String, _ settings: [String: String], _ run: RunSettings, _ data: Dataset) {
    (self.recipe, self.game, self.run) = (recipe, game, run)
    self.settings = settings.mapValues { SettingValue($0) }
    dataset = DatasetRecord(data)
    versions = Versions()
  }

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(try encoder.encode(self) + [10], to: path)
  }

  /// Reads `recipe.json` of a run.
  ///
  /// - Parameter metrics: those that its goals may name.
  /// - Throws: `FileError` that names the file and the member that is wrong or missing.
  public init(contentsOf path: String, metrics: MetricCatalogue = .standard) throws(FileError) {
    let bytes = try MappedFile(path).withBytes { Data($0) }
    try RecordMember.check(bytes, path)
    do {
      let decoder = JSONDecoder()
      decoder.userInfo[MetricCatalogue.userInfoKey] = metrics
      self = try decoder.decode(RunRecord.self, from: bytes)
      try run.validate()
    } catch let error as DecodingError {
      throw FileError(path, Self.sentence(error))
    } catch {
      throw FileError(path, "\(error)")
    }
  }

  /// The recipe with all its settings.
  ///
  /// - Throws: ``TrainingError`` for a setting that is missing, does not exist or does not take its value.
  public func makeRecipe<R: Recipe>(_ type: R.Type) throws(TrainingError) -> R {
    let missing = R.settings.map(\.key).filter { settings[$0] == nil }
    guard missing.isEmpty else { throw TrainingError("the settings lack \(missing.joined(separator: ", "))") }
    var made = R(recorded: recipe)
    made.name = recipe
    for (key, value) in settings.sorted(by: { $0.key < $1.key }) { try made.set(key, value.text) }
    try made.validate()
    return made
  }

  /// How the game is trained.
  ///
  /// - Throws: ``TrainingError`` for a setting that is missing or does not take its value.
  func training() throws(TrainingError) -> TrainingSettings {
    var training = TrainingSettings(steps: 1)
    for setting in TrainingSettings.settings {
      guard let value = settings[setting.key] else { throw TrainingError("the settings lack \(setting.key)") }
      try setting.set(&training, value.text)
    }
    return training
  }

  private static func sentence(_ error: DecodingError) -> String {
    func place(_ path: [any CodingKey]) -> String { path.map(\.stringValue).joined(separator: ".") }
    switch error {
    case .keyNotFound(let key, let context): return "'\(place(context.codingPath + [key]))' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "'\(place(context.codingPath))' has a value of the wrong type"
    case .dataCorrupted(let context):
      return "'\(place(context.codingPath))' cannot be read: \(context.debugDescription)"
    @unknown default: return "\(error)"
    }
  }
}

/// A setting's value as JSON has it: a truth, a number or a text.
public enum SettingValue: Sendable, Codable, Equatable {
  case truth(Bool)
  case whole(Int)
  case number(Double)
  case word(String)

  /// What `text`, as a setting has it, is in JSON.
  package init(_ text: String) {
    if let truth = Bool(text) {
      self = .truth(truth)
    } else if let whole = Int(text) {
      self = .whole(whole)
    } else if let number = Double(text) {
      self = .number(number)
    } else {
      self = .word(text)
    }
  }

  /// Reads a JSON truth, number or text.
  public init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let truth = try? value.decode(Bool.self) {
      self = .truth(truth)
    } else if let whole = try? value.decode(Int.self) {
      self = .whole(whole)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else {
      self = .word(try value.decode(String.self))
    }
  }

  /// Writes it as JSON has it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .truth(let truth): try container.encode(truth)
    case .whole(let whole): try container.encode(whole)
    case .number(let number): try container.encode(number)
    case .word(let word): try container.encode(word)
    }
  }

  /// The value as a setting takes it.
  public var text: String {
    switch self {
    case .truth(let truth): "\(truth)"
    case .whole(let whole): "\(whole)"
    case .number(let number): "\(number)"
    case .word(let word): word
    }
  }
}
