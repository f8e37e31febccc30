import Files

// The games that this package brings, found by what `recipe.json` calls them.
extension RunRecord {
  /// The recipe types of all games.
  public static let games: [any Recipe.Type] = [AdversarialRecipe.self, TranslationRecipe.self]

  /// The recipe with all its settings.
  ///
  /// - Throws: ``TrainingError`` where this package does not know the game, or for a setting that is missing, does not exist or
  ///   does not take its value.
  public func makeRecipe() throws(TrainingError) -> any Recipe {
    let name = game ?? AdversarialRecipe.game
    guard let type = Self.games.first(where: { $0.game == name }) else {
      throw TrainingError(
        "the game '\(name)' is none of this package's: the program that began the run has to go on with it")
    }
    return try makeRecipe(type)
  }

  /// Reads the `recipe.json` of a run, and the recipe in it.
  ///
  /// - Throws: `FileError` that names the file and the member that is wrong or missing.
  public static func read(_ path: String) throws(FileError) -> (record: RunRecord, recipe: any Recipe) {
    let record = try RunRecord(contentsOf: path)
    do {
      return (record, try record.makeRecipe())
    } catch {
      throw FileError(path, "\(error)")
    }
  }
}

extension Trainer {
  /// A run of one of this package's games that goes on from its newest valid checkpoint.
  ///
  /// - Parameters:
  ///   - data: the data the run began with; others are refused by their fingerprint.
  ///   - heldOut: data of the same kind that the run does not train on.
  ///   - source: where the data lie now, as `DataSource` reads it, when they were moved; kept in `recipe.json`.
  ///   - threads: another number of threads from here on; kept in `recipe.json`.
  ///   - skipped: called with each newer checkpoint that is damaged, and why.
  /// - Throws: ``TrainingError`` for other data or when no checkpoint is valid, `FileError` for a damaged `recipe.json`.
  public convenience init(
    resuming run: RunDirectory, data: Dataset, heldOut: Dataset? = nil, from source: String? = nil,
    threads: Int? = nil, skipped: (FileError) -> Void
  ) throws {
    let recipe = try RunRecord.read(run.recipe).recipe
    try self.init(
      resuming: run, data: data, heldOut: heldOut, from: source, threads: threads,
      playing: { try recipe.makeGame(for: data, seed: $0.run.seed) }, skipped: skipped)
  }
}

/// The recipes that have a name.
public enum Catalog {
  /// All of them but ``AutoRecipe``, which is made to measure.
  public static var all: [any Recipe] { AdversarialRecipe.all + [TranslationRecipe.pix2pix] }

  /// The recipe called `name`.
  ///
  /// - Throws: ``TrainingError`` that names the nearest one.
  public static func named(_ name: String) throws(TrainingError) -> any Recipe {
    if let recipe = all.first(where: { $0.name == name }) { return recipe }
    if name == AutoRecipe.name {
      throw TrainingError(
        "auto is chosen for data, which 'gan train' does: name one of \(all.map(\.name).joined(separator: ", "))")
    }
    let names = [AutoRecipe.name] + all.map(\.name)
    let hint = nearest(to: name, among: names).map { "; did you mean '\($0)'? There are" } ?? "; there are"
    throw TrainingError("there is no recipe '\(name)'\(hint) \(names.joined(separator: ", "))")
  }
}
