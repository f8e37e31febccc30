import CommandLineKit
import GAN

/// `gan bench`
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure how fast a recipe runs on this machine, and where the time goes.",
    discussion: """
      The pictures are random bytes in memory: nothing is downloaded or written. After some warm-up steps, steps are timed; \
      others are profiled last, since the profiler slows them down.
      """)

  @Argument(help: ArgumentHelp("The recipe to run; auto is what it plays on digits of this size.", valueName: "RECIPE"))
  var recipeName = "dcgan"
  @Option(help: ArgumentHelp("For auto: the time limit of the run that it plays; by default 10.", valueName: "M"))
  var minutes: Double?
  @OptionGroup var changes: RecipeOptions
  @Option(help: ArgumentHelp("The order in which the players are updated; by default the recipe's.", valueName: "RULE"))
  var update: UpdateRule?
  @Flag(help: "Measure how fast the generator makes pictures instead of training.")
  var generate = false
  @Option(help: ArgumentHelp("Size of the pictures; by default 28x28.", valueName: "WxH"))
  var size: PictureSize?
  @Option(help: ArgumentHelp("1 for grey pictures, 3 for RGB.", valueName: "N"))
  var channels = 1
  @Option(help: ArgumentHelp("Warm-up steps, which are not measured.", valueName: "N"))
  var warmUp = 5
  @Option(help: ArgumentHelp("Steps to time.", valueName: "N"))
  var steps = 30
  @Option(help: ArgumentHelp("Steps to profile afterwards; 0 leaves the operator table out.", valueName: "N"))
  var profile = 10
  @Option(help: ArgumentHelp("CPU threads; by default as many as 'gan doctor' says.", valueName: "N"))
  var threads: ThreadCount?
  @Option(help: ArgumentHelp("Seed of all random numbers.", valueName: "N"))
  var seed: UInt64 = 1
  @Flag(help: "Print one JSON object on standard output and nothing else.")
  var json = false

  mutating func run() throws {
    // Before this process adds to it.
    let load = ThisProcess.loadAverage()
    let benchmark = try plan()
    if let threads { Machine.threads = threads.count }
    let shape = SampleShape(channels: channels, height: size?.height ?? 28, width: size?.width ?? 28)
    let (recipe, work): (any Recipe, any Benchmarked) = try asCommandLine {
      let recipe = try recipeName == AutoRecipe.name ? chosenByAuto() : chosen()
      return (recipe, try benchmarked(recipe, shape))
    }
    let line = StatusLine()
    let result = try benchmark(work) { stage, done, total in
      if !json { line.show("\(stage.rawValue): \(done) of \(total)", isLast: done == total) }
    }
    let report = BenchReport(
      recipe: recipe, shape: shape, isGeneration: generate, seed: seed, load: load, benchmark: benchmark, result: result
    )
    if let warning = report.warning { note("warning: \(warning)") }
    print(json ? report.json : report.text)
  }

  private func plan() throws -> Benchmark {
    for (option, value, least) in [("--steps", steps, 1), ("--warm-up", warmUp, 0), ("--profile", profile, 0)] {
      guard (least...1_000_000).contains(value) else {
        throw ValidationError("\(option) needs a number from \(least) to 1,000,000, got \(value)")
      }
    }
    guard channels == 1 || channels == 3 else { throw ValidationError("--channels needs 1 or 3, got \(channels)") }
    guard !generate || update == nil else {
      throw ValidationError("--update would have no effect: --generate only makes pictures and updates no player")
    }
    if let minutes {
      guard recipeName == AutoRecipe.name else {
        throw ValidationError("--minutes would have no effect: only auto depends on the time limit")
      }
      guard minutes > 0, minutes.isFinite else { throw ValidationError("--minutes must be above 0, got \(minutes)") }
    }
    var benchmark = Benchmark()
    (benchmark.warmUp, benchmark.timed, benchmark.profiled) = (warmUp, steps, profile)
    return benchmark
  }

  private func benchmarked(_ recipe: any Recipe, _ shape: SampleShape) throws -> any Benchmarked {
    guard generate else { return try BenchmarkedTraining(recipe, shape: shape, seed: seed) }
    return try BenchmarkedGeneration(adversarial(recipe, "--generate"), shape: shape, seed: seed)
  }

  /// The recipe, if it is of the adversarial game, for which alone an option is.
  private func adversarial(_ recipe: any Recipe, _ option: String) throws -> AdversarialRecipe {
    guard let recipe = recipe as? AdversarialRecipe else {
      throw ValidationError("\(option) is for recipes of the adversarial game; \(recipe.name) is not one")
    }
    return recipe
  }

  private func chosen() throws -> any Recipe {
    var recipe = try Catalog.named(recipeName)
    try changes.change(&recipe)
    if let update {
      var changed = try adversarial(recipe, "--update")
      changed.update = update
      recipe = changed
    }
    recipe.precision = recipe.precision.settled
    if generate {
      try adversarial(recipe, "--generate").validateForGeneration()
    } else {
      try recipe.validate()
    }
    return recipe
  }

  /// What `auto` plays on digits in the size and channels of the pictures.
  private func chosenByAuto() throws -> AdversarialRecipe {
    var options = LoadOptions()
    if let size { options.size = (width: size.width, height: size.height) }
    let digits = try DataSource(channels == 1 ? "digits" : "digits-color").load(.train, options: options)
    let (recipe, reasons) = try AutoRecipe.played(for: digits, minutes: minutes ?? AutoRecipe.usualMinutes) {
      try changes.apply(to: &$0)
      if let update { $0.update = update }
    }
    try changes.refuseUnread(in: recipe)
    if !json { reasons.forEach { note("auto: \($0)") } }
    return recipe
  }
}

extension UpdateRule: ExpressibleByArgument {}
