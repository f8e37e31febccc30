import CommandLineKit
import Foundation
import GAN

/// `gan train`
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a generator on pictures.",
    discussion: """
      Without arguments, trains for ten minutes on built-in digits, with settings that auto chooses. DATA is one of \
      \(DataSource.names.joined(separator: ", ")), a folder of pictures, an IDX file or an .npy file. A downloadable \
      set can be read from a folder of your own, as in mnist:DIR. 'gan recipes' lists the recipes, 'gan recipes NAME' the \
      settings that --set can change.
      """)

  @Argument(help: ArgumentHelp("The recipe, a complete set of settings; by default auto.", valueName: "RECIPE"))
  var recipeName: String?
  @Option(help: ArgumentHelp("Repeat the run of this recipe.json; other options override it.", valueName: "FILE"))
  var recipe: String?
  @Option(help: ArgumentHelp("The training data; by default digits.", valueName: "DATA"))
  var data: String?
  @Option(help: ArgumentHelp("Pictures to translate, together with --to; in place of --data.", valueName: "DATA"))
  var from: String?
  @Option(help: ArgumentHelp("What to make of those of --from: pictures that need not match them.", valueName: "DATA"))
  var to: String?
  @Option(help: ArgumentHelp("Resize and crop pictures to this size.", valueName: "WxH"))
  var size: PictureSize?
  @Option(help: ArgumentHelp("'folders': each subfolder of a folder of pictures is a class.", valueName: "folders"))
  var classes: ClassSource?
  @Option(help: ArgumentHelp("The run folder; by default a new one in runs/.", valueName: "DIR"))
  var out: String?
  @Option(
    help: ArgumentHelp(
      "Begin with the weights of another run; a translation with those of a model's file, or published ones.",
      valueName: "RUN|FILE"))
  var startFrom: String?
  @OptionGroup var limits: LimitOptions
  @OptionGroup var judging: JudgingOptions
  @OptionGroup var changes: RecipeOptions
  @Option(help: ArgumentHelp("Seed of all random numbers; by default 1.", valueName: "N"))
  var seed: UInt64?
  @Option(help: ArgumentHelp("auto or cpu; this version computes on the CPU only.", valueName: "D"))
  var device = DeviceChoice.auto
  @Option(help: ArgumentHelp("CPU threads; by default as many as 'gan doctor' says.", valueName: "N"))
  var threads: ThreadCount?
  @Option(help: ArgumentHelp("Save a checkpoint every N steps; by default 500.", valueName: "N"))
  var checkpointEvery: Int?
  @OptionGroup var output: OutputOptions

  mutating func run() throws {
    var (named, settings) = try base()
    var translation: (any TranslatingRecipe)?
    try asCommandLine {
      try change(&settings)
      if named == nil { translation = try self.translation(settings) }
      if let startFrom { try begin(with: startFrom, &named, &translation) }
      try settle(&settings, for: named ?? translation)
      try settings.validate()
      if var recipe = named {
        try changes.apply(to: &recipe)
        let lastStep = settings.limits.lastStep(samplesPerStep: recipe.samplesPerStep)
        // What is repeated keeps its settings.
        if self.recipe == nil { recipe.fit(toSteps: lastStep ?? recipe.steps) }
        try changes.change(&recipe)
        if lastStep != nil { try changes.refuse("steps", readBy: "runs without --steps and --images") }
        try recipe.validate()
        named = recipe
      }
    }
    var data = try loadTrainingData(settings, (named ?? translation)?.sides, quiet: output.quiet || output.json)
    let chosen = try named ?? choose(for: &data, translation, &settings)
    try asCommandLine { try chosen.validate(for: data) }
    if settings.classesFromFolders, let groups = (chosen as? AdversarialRecipe)?.groups, groups > 0 {
      note("warning: groups=\(groups) takes the place of the classes that --classes asks for")
    }
    if named != nil && settings.classesFromFolders && !chosen.isConditional {
      note(
        "warning: \(chosen.name) ignores the classes that --classes asks for; 'gan recipes' names the recipes that are "
          + "conditional on class labels")
    }
    if let recipe { try compare(data, with: RunRecord(contentsOf: recipe)) }
    let heldOut = try loadHeldOutData(settings, chosen.sides, like: data, quiet: output.quiet || output.json)
    Machine.threads = settings.threads
    let line = StatusLine()
    data = try chosen.prepared(data) { [output] progress in if !output.quiet && !output.json { line.show(progress) } }
    var next: (any Recipe)? = try fitted(chosen, data, seed: settings.seed)
    while let recipe = next { next = try play(recipe, data, heldOut, settings) }
  }

  /// As in "dcgan-digits" and "cyclegan-photos-to-paintings"; of a path, its last part.
  static func folderName(_ recipe: any Recipe, _ data: Dataset) -> String {
    let sides = DataSource.sides(of: data.name).map { [$0.from, $0.to] } ?? [data.name]
    let last = sides.map { $0.split(whereSeparator: { "/:".contains($0) }).last { $0 != "." && $0 != ".." } ?? "data" }
    return String(
      "\(recipe.name)-\(last.joined(separator: "-to-"))"
        .map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" })
  }

  /// Warns if the data have changed since the run to repeat, unless other data were asked for.
  private func compare(_ data: Dataset, with record: RunRecord) {
    guard self.data == nil, from == nil, size == nil, classes == nil, data.fingerprint != record.dataset.fingerprint
    else { return }
    note("warning: \(record.run.data) has changed since that run; this run will not repeat it")
  }

  /// The recipe that was named, `nil` for `auto`, and the settings to begin with.
  private func base() throws -> ((any Recipe)?, RunSettings) {
    guard let recipe else {
      let name = recipeName ?? AutoRecipe.name
      let named = name == AutoRecipe.name ? nil : try asCommandLine { try Catalog.named(name) }
      return (named, RunSettings(data: "digits"))
    }
    guard recipeName == nil else {
      throw ValidationError("give a recipe's name or --recipe FILE, not both")
    }
    let read = try RunRecord.read(recipe)
    return (read.recipe, read.record.run)
  }

  private func change(_ settings: inout RunSettings) throws {
    if let source = try source() { settings.data = source.absolute }
    if let size { (settings.width, settings.height) = (size.width, size.height) }
    if classes != nil { settings.classesFromFolders = true }
    if let limits = try limits.limits() { settings.limits = limits }
    try judging.change(&settings.judging)
    if let seed { settings.seed = seed }
    if let threads { settings.threads = threads.count }
    if let checkpointEvery {
      guard checkpointEvery > 0 else {
        throw ValidationError("--checkpoint-every must be at least 1, got \(checkpointEvery)")
      }
      settings.checkpointEvery = checkpointEvery
    }
  }
}

extension Train {
  /// The data that options name; nil if none does.
  private func source() throws -> DataSource? {
    guard from != nil || to != nil else { return try data.map { try DataSource($0) } }
    guard data == nil else { throw ValidationError("give --data, or --from and --to, not both") }
    guard let from, let to else {
      throw ValidationError(
        "\(from == nil ? "--from" : "--to") is missing: --from names the pictures to translate, --to those to translate them into"
      )
    }
    return try DataSource(from: from, to: to)
  }

  /// Fills in how the data of `recipe` (nil for `auto`) are loaded, if no option says so.
  private func settle(_ settings: inout RunSettings, for recipe: (any Recipe)?) throws {
    guard let recipe else { return }
    guard recipe.sides != nil else {
      if from != nil {
        throw ValidationError("--from and --to are for recipes that translate pictures, not \(recipe.name)")
      }
      return
    }
    guard data != nil || from != nil || self.recipe != nil else {
      throw ValidationError(
        "\(recipe.name) needs --data: a folder of pictures of two sides, or --from and --to: two collections")
    }
    guard settings.width == nil, let size = recipe.usualSize else { return }
    (settings.width, settings.height) = size
    if !output.quiet && !output.json {
      note("pictures are loaded at \(size.width)x\(size.height), the default of \(recipe.name); --size changes it")
    }
  }
}

/// Turns an invalid recipe or metric into an error of the command line: the same sentence, with status 2.
func asCommandLine<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as TrainingError {
    throw ValidationError(error.description)
  } catch let error as MetricError {
    throw ValidationError(error.description)
  }
}

/// A size in pixels: "64x48" is 64 wide and 48 high.
struct PictureSize: ExpressibleByArgument {
  let width: Int
  let height: Int

  init?(argument: String) {
    let sides = argument.lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let width = sides[0], let height = sides[1], width > 0, height > 0 else { return nil }
    (self.width, self.height) = (width, height)
  }

  static var argumentExpectation: String { "a width and a height such as 64x48" }
}

/// Where classes come from.
enum ClassSource: String, CaseIterable, ExpressibleByArgument { case folders }
