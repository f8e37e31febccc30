import Files

// The games of this package, by their names in `recipe.json`.
extension RunRecord {
  /// The recipe types of all games.
  public static let games: [any Recipe.Type] = [
    AdversarialRecipe.self, TranslationRecipe.self, CycleRecipe.self, ContrastiveRecipe.self, AutoencoderRecipe.self,
    MixtureRecipe.self,
  ]

  /// The recipe with all its settings.
  ///
  /// - Throws: ``TrainingError`` if this package does not know the game, or if a setting is missing, unknown or has an invalid
  ///   value.
  public func makeRecipe() throws(TrainingError) -> any Recipe {
    let name = game ?? AdversarialRecipe.game
    guard let type = Self.games.first(where: { $0.game == name }) else {
      throw TrainingError(
        "the game '\(name)' is not part of this package: resume the run with the program that started it")
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
  /// Resumes a run of one of this package's games from its newest valid checkpoint.
  ///
  /// - Parameters:
  ///   - data: the data that the run started with; others are rejected by their fingerprint.
  ///   - heldOut: data of the same kind that the run does not train on.
  ///   - source: the new place of data that were moved, as `DataSource` reads it; written to `recipe.json`.
  ///   - threads: a new number of threads; written to `recipe.json`.
  ///   - device: where it trains from here on.
  ///   - skipped: called with each newer checkpoint that is damaged, and why.
  /// - Throws: ``TrainingError`` for other data or when no checkpoint is valid, `FileError` for a damaged `recipe.json`.
  public convenience init(
    resuming run: RunDirectory, data: Dataset, heldOut: Dataset? = nil, from source: String? = nil,
    threads: Int? = nil, device: Device = .cpu, skipped: (FileError) -> Void
  ) throws {
    let recipe = try RunRecord.read(run.recipe).recipe.resumed
    let data = try run.derivingColumns(of: data)
    if let adversarial = recipe as? AdversarialRecipe, adversarial.isConditional, adversarial.groups > 0,
      data[FoundGroups.column] == nil, try RunRecord(contentsOf: run.recipe).dataset.fingerprint == data.fingerprint
    {
      throw FileError(
        run.derivedColumns, "the file is missing: without the groups of its pictures the run cannot go on")
    }
    try self.init(
      resuming: run, recipe.training, data: data, heldOut: heldOut, from: source, threads: threads,
      playing: { try recipe.makeGame(for: data, seed: $0.run.seed, on: device) }, skipped: skipped)
  }
}

/// The named recipes.
public enum Catalog {
  /// All of them except ``AutoRecipe``, which depends on the data.
  public static var all: [any Recipe] {
    AdversarialRecipe.all + [
      TranslationRecipe.pix2pix, CycleRecipe.cyclegan, ContrastiveRecipe.cut, ContrastiveRecipe.fastcut,
      AutoencoderRecipe.vae, MixtureRecipe.gmm,
    ]
  }

  /// The recipe called `name`.
  ///
  /// - Throws: ``TrainingError`` that names the nearest one.
  public static func named(_ name: String) throws(TrainingError) -> any Recipe {
    if let recipe = all.first(where: { $0.name == name }) { return recipe }
    if name == AutoRecipe.name {
      throw TrainingError(
        "auto depends on the data, so only 'gan train' and 'gan bench' can use it: name one of \(all.map(\.name).joined(separator: ", "))"
      )
    }
    let names = [AutoRecipe.name] + all.map(\.name)
    let hint = nearest(to: name, among: names).map { "; did you mean '\($0)'? There are" } ?? "; there are"
    throw TrainingError("there is no recipe '\(name)'\(hint) \(names.joined(separator: ", "))")
  }
}
