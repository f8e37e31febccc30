import CommandLineKit
import Files
import GAN

/// `gan resume`
struct Resume: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Continue a run exactly, from its newest valid checkpoint.",
    discussion: """
      Limits count from the start of the run; without new ones, the last ones stay. The run folder and its data may have \
      moved. New limits, --data and --threads are written to recipe.json.
      """)

  @Argument(help: ArgumentHelp("The run folder.", valueName: "RUN"))
  var folder: String
  @Option(help: ArgumentHelp("Where the run's data are now, if they have moved.", valueName: "DATA"))
  var data: String?
  @OptionGroup var limits: LimitOptions
  @Option(help: ArgumentHelp("auto or cpu; this version computes on the CPU only.", valueName: "D"))
  var device = DeviceChoice.auto
  @Option(help: ArgumentHelp("CPU threads; by default as many as before.", valueName: "N"))
  var threads: ThreadCount?
  @OptionGroup var output: OutputOptions

  mutating func run() throws {
    let limits = try limits.limits()
    let run = try RunDirectory.open(folder)
    let (record, recipe) = try RunRecord.read(run.recipe)
    var settings = record.run
    let former = settings.threads
    if let data { settings.data = try DataSource(data).absolute }
    let isQuiet = output.quiet || output.json
    let samples = try trainingData(settings, recipe.sides, quiet: isQuiet)
    let heldOut = try loadHeldOutData(settings, recipe.sides, like: samples, quiet: isQuiet)
    let trainer = try Trainer(
      resuming: run, data: samples, heldOut: heldOut, from: settings.data, threads: threads?.count
    ) { note("skipped checkpoint: \($0)") }
    if let threads, threads.count != former, !isQuiet {
      note(
        "threads: \(threads.count) from here on instead of \(former); sums round differently, so the result is no longer "
          + "bit for bit that of \(former)")
    }
    try TrainingSession(trainer: trainer, output: output).run(until: limits)
  }

  private func trainingData(_ settings: RunSettings, _ sides: Sides?, quiet: Bool) throws -> Dataset {
    do {
      return try loadTrainingData(settings, sides, quiet: quiet)
    } catch {
      guard data == nil, let place = Self.places(of: settings.data).first(where: { !FileSystem.exists($0) }) else {
        throw error
      }
      throw TrainingError(
        "the data of \(folder) are no longer at \(place); if they have moved, pass the new place: "
          + "\(Gan.invocation) resume \(folder.shellQuoted) --data \(Self.moved(settings.data))")
    }
  }

  /// The sources in `data`, as `recipe.json` has them.
  private static func sources(of data: String) -> [String] {
    DataSource.sides(of: data).map { [$0.from, $0.to] } ?? [data]
  }

  /// The files and folders of `data`: none for a named set.
  private static func places(of data: String) -> [String] {
    sources(of: data).compactMap { source in
      guard let name = setName(of: source) else { return source }
      return source == name ? nil : String(source.dropFirst(name.count + 1))
    }
  }

  private static func moved(_ data: String) -> String {
    let moved = sources(of: data).map { source in
      places(of: source).allSatisfy(FileSystem.exists)
        ? source : (setName(of: source).map { $0 + ":" } ?? "") + "NEWPLACE"
    }
    return moved.joined(separator: " -> ").shellQuoted
  }

  private static func setName(of source: String) -> String? {
    DataSource.names.first { source == $0 || source.hasPrefix($0 + ":") }
  }
}
