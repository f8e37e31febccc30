import CommandLineKit
import Files
import GAN

/// `gan resume`
struct Resume: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Go on with a run, exactly, from its newest valid checkpoint.",
    discussion: """
      Limits are totals of the run and are kept; without one those it was last given hold. The run's folder and its data \
      may have been moved; --data and --threads are kept in recipe.json too.
      """)

  @Argument(help: ArgumentHelp("The run's folder.", valueName: "RUN"))
  var folder: String
  @Option(help: ArgumentHelp("Where the run's data are now, if they were moved.", valueName: "DATA"))
  var data: String?
  @OptionGroup var limits: LimitOptions
  @Option(help: ArgumentHelp("auto or cpu, which is the same in this version.", valueName: "D"))
  var device = DeviceChoice.auto
  @Option(help: ArgumentHelp("Processor threads, by default as many as before.", valueName: "N"))
  var threads: ThreadCount?
  @OptionGroup var output: OutputOptions

  mutating func run() throws {
    let limits = try limits.limits()
    let run = try RunDirectory.open(folder)
    var settings = try RunRecord(contentsOf: run.recipe).run
    let former = settings.threads
    if let data { settings.data = try DataSource(data).absolute }
    let isQuiet = output.quiet || output.json
    let samples = try trainingData(settings, quiet: isQuiet)
    let heldOut = try loadHeldOutData(settings, like: samples, quiet: isQuiet)
    let trainer = try Trainer(
      resuming: run, data: samples, heldOut: heldOut, from: settings.data, threads: threads?.count
    ) { note("passed over: \($0)") }
    if let threads, threads.count != former, !isQuiet {
      note(
        "threads: \(threads.count) from here on instead of \(former); sums are rounded differently, so that the run no "
          + "longer equals to the bit one with \(former)")
    }
    try TrainingSession(trainer: trainer, output: output).run(until: limits)
  }

  private func trainingData(_ settings: RunSettings, quiet: Bool) throws -> Dataset {
    do {
      return try loadTrainingData(settings, quiet: quiet)
    } catch {
      guard data == nil, let place = Self.place(of: settings.data), !FileSystem.exists(place) else { throw error }
      throw TrainingError(
        "the data of \(folder) are no longer at \(place); if they were moved, say where they are: "
          + "\(Gan.invocation) resume \(folder.shellQuoted) --data \(Self.moved(settings.data))")
    }
  }

  /// The file or folder of a source, as `recipe.json` has it; nil for a named set without one.
  private static func place(of source: String) -> String? {
    guard let name = setName(of: source) else { return source }
    return source == name ? nil : String(source.dropFirst(name.count + 1))
  }

  private static func moved(_ source: String) -> String { (setName(of: source).map { $0 + ":" } ?? "") + "NEWPLACE" }

  private static func setName(of source: String) -> String? {
    DataSource.names.first { source == $0 || source.hasPrefix($0 + ":") }
  }
}
