import CommandLineKit
import GAN

/// `gan bench`
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure how fast this machine plays a recipe, and where the time goes.",
    discussion: """
      The pictures are random bytes in memory: nothing is downloaded, and nothing written. Steps warm up first, are then \
      timed, and are profiled last, since a profiler slows what it measures.
      """)

  @Argument(help: ArgumentHelp("The recipe that is played.", valueName: "RECIPE"))
  var recipeName = "dcgan"
  @OptionGroup var changes: RecipeOptions
  @Option(help: ArgumentHelp("The order in which the players move, by default the recipe's.", valueName: "RULE"))
  var update: UpdateRule?
  @Flag(help: "Measure how fast the generator makes pictures, instead of training.")
  var generate = false
  @Option(help: ArgumentHelp("The size of the pictures, by default 28x28.", valueName: "WxH"))
  var size: PictureSize?
  @Option(help: ArgumentHelp("1 for grey pictures, 3 for coloured ones.", valueName: "N"))
  var channels = 1
  @Option(help: ArgumentHelp("Steps that are not measured, at the beginning.", valueName: "N"))
  var warmUp = 5
  @Option(help: ArgumentHelp("Steps that are timed.", valueName: "N"))
  var steps = 30
  @Option(help: ArgumentHelp("Steps that are profiled after that; 0 for no table of operators.", valueName: "N"))
  var profile = 10
  @Option(help: ArgumentHelp("Processor threads, by default all.", valueName: "N"))
  var threads: ThreadCount?
  @Option(help: ArgumentHelp("What all random numbers depend on.", valueName: "N"))
  var seed: UInt64 = 1
  @Flag(help: "Print one JSON object on standard output, and nothing else there.")
  var json = false

  mutating func run() throws {
    // Before this process adds to it.
    let load = ThisProcess.loadAverage()
    let benchmark = try plan()
    if let threads { Machine.threads = threads.count }
    let shape = SampleShape(channels: channels, height: size?.height ?? 28, width: size?.width ?? 28)
    let (recipe, work): (AdversarialRecipe, any Benchmarked) = try asCommandLine {
      let recipe = try chosen()
      let work: any Benchmarked =
        generate
        ? try BenchmarkedGeneration(recipe, shape: shape, seed: seed)
        : try BenchmarkedTraining(recipe, shape: shape, seed: seed)
      return (recipe, work)
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
      throw ValidationError("--update would change nothing: --generate makes pictures, and no player moves")
    }
    var benchmark = Benchmark()
    (benchmark.warmUp, benchmark.timed, benchmark.profiled) = (warmUp, steps, profile)
    return benchmark
  }

  private func chosen() throws -> AdversarialRecipe {
    guard var recipe = try Catalog.named(recipeName) as? AdversarialRecipe else {
      throw ValidationError("gan bench plays recipes of the adversarial game, and \(recipeName) is none of them")
    }
    try changes.change(&recipe)
    if let update { recipe.update = update }
    recipe.precision = recipe.precision.settled
    try recipe.validate()
    return recipe
  }
}

extension UpdateRule: ExpressibleByArgument {}
