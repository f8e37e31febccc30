import Files
import Foundation

/// `recipe.json`: everything that repeats a run, and what it ran on.
public struct RunRecord: Sendable, Codable, Equatable {
  /// The recipe's name.
  public var recipe: String
  /// Every setting of the recipe by its key.
  var settings: [String: SettingValue]
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
    var swift_gan = SwiftGAN.version
    var libtorch = Machine.libtorchVersion
    var cpu = Machine.cpuCapability
  }

  init(_ recipe: Recipe, _ run: RunSettings, _ data: Dataset) {
    self.recipe = recipe.name
    settings = Dictionary(
      uniqueKeysWithValues: RecipeField.all.map { ($0.key, SettingValue($0.text(recipe))) })
    self.run = run
    dataset = DatasetRecord(data)
    versions = Versions()
  }

  func write(to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(try encoder.encode(self) + [10], to: path)
  }

  /// Overwrites what was asked of the run, and how its data are called, in the `recipe.json` at `path`.
  static func write(_ settings: RunSettings, _ data: Dataset, to path: String) throws {
    var record = try RunRecord(contentsOf: path)
    (record.run, record.dataset) = (settings, DatasetRecord(data))
    try record.write(to: path)
  }

  /// Reads `recipe.json` of a run.
  ///
  /// - Throws: `FileError` that names the file and the member that is wrong or missing.
  public init(contentsOf path: String) throws(FileError) {
    let bytes = try MappedFile(path).withBytes { Data($0) }
    try RecordMember.check(bytes, path)
    do {
      self = try JSONDecoder().decode(RunRecord.self, from: bytes)
      try run.validate()
      try makeRecipe().validate()
    } catch let error as DecodingError {
      throw FileError(path, Self.sentence(error))
    } catch {
      throw FileError(path, "\(error)")
    }
  }

  /// The recipe with all its settings.
  ///
  /// - Throws: ``GANError`` for a setting that is missing, does not exist or does not take its value.
  public func makeRecipe() throws(GANError) -> Recipe {
    let missing = RecipeField.all.map(\.key).filter { settings[$0] == nil }
    guard missing.isEmpty else { throw GANError("the settings lack \(missing.joined(separator: ", "))") }
    let purpose = recipe == AutoRecipe.name ? AutoRecipe.purpose : Recipe.all.first { $0.name == recipe }?.purpose
    // Every field is set below, so what stands here first never stays.
    var made = Recipe(recipe, purpose: purpose ?? "", network: .mlp, steps: 1)
    for (key, value) in settings.sorted(by: { $0.key < $1.key }) { try made.set(key, value.text) }
    return made
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
enum SettingValue: Sendable, Codable, Equatable {
  case truth(Bool)
  case whole(Int)
  case number(Double)
  case word(String)

  init(_ text: String) {
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

  init(from decoder: any Decoder) throws {
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

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .truth(let truth): try container.encode(truth)
    case .whole(let whole): try container.encode(whole)
    case .number(let number): try container.encode(number)
    case .word(let word): try container.encode(word)
    }
  }

  var text: String {
    switch self {
    case .truth(let truth): "\(truth)"
    case .whole(let whole): "\(whole)"
    case .number(let number): "\(number)"
    case .word(let word): word
    }
  }
}
