import Files
import CommandLineKit
import Foundation
import GAN

/// `gan evaluate`
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate", abstract: "Evaluate generated pictures, or a run's generator, against data.",
    discussion: """
      SAMPLES is a run folder, a model file, a folder of pictures, an .npy file or a named data set. A run, or a model in \
      its folder, is evaluated against the data it was trained on unless --data names others. The reference is the \
      training split; the floor is the value that the test split reaches in place of the samples. Statistics of the \
      reference are cached, so the next evaluation is faster. With --pairs two folders are compared picture by picture.
      """)

  @Argument(help: ArgumentHelp("What to evaluate.", valueName: "SAMPLES"))
  var samples: String
  @Option(help: ArgumentHelp("The data to compare with.", valueName: "DATA"))
  var data: String?
  @Option(
    help: ArgumentHelp(
      "A folder with what each picture should have been, under the same name but for the ending: compares the pairs.",
      valueName: "FOLDER"))
  var pairs: String?
  @Option(help: ArgumentHelp("Resize and crop the pictures of both to this size.", valueName: "WxH"))
  var size: PictureSize?
  @Option(help: ArgumentHelp("'folders': each subfolder of a folder of pictures is a class.", valueName: "folders"))
  var classes: ClassSource?
  @Option(help: ArgumentHelp("Metrics to compute; by default all that apply to the data.", valueName: "fid,kid,..."))
  var metrics: String?
  @Option(
    help: ArgumentHelp("Feature extractor: \(ExtractorChoice.names.joined(separator: ", ")).", valueName: "EXTRACTOR"))
  var extractor = "auto"
  @Option(
    help: ArgumentHelp("How many samples to evaluate; by default 10,000, or all if there are fewer.", valueName: "N"))
  var count: Int?
  @Option(help: ArgumentHelp("Seed of samples, subsets and projections.", valueName: "N"))
  var seed: UInt64 = 1
  @Option(
    help: ArgumentHelp(
      "Also write nearest.png and classes.png into this folder; your own files there are kept.", valueName: "FOLDER"))
  var pictures: String?
  @Flag(help: "Also list the ten worst pairs by the first metric of pairs.")
  var worst = false
  @Option(help: ArgumentHelp("CPU threads; by default as many as 'gan doctor' says.", valueName: "N"))
  var threads: ThreadCount?
  @Flag(help: "Print one JSON object per metric on standard output and nothing else.")
  var json = false

  mutating func run() throws {
    if let pairs { return try compare(pairs) }
    var settings = JudgingSettings()
    settings.extractor = extractor
    settings.metrics = try asCommandLine { try metrics.map { try Metric.list($0) } }
    if let count { settings.count = count }
    try asCommandLine { try settings.validate() }
    if let threads { Machine.threads = threads.count }
    let model = try judgedModel()
    let (source, options) = try reference()
    if let pictures { try FileSystem.createFolder(pictures) }
    let data = try source.load(.train, options: options)
    report(data, of: "\(source)", quiet: json)
    let heldOut = loadHeldOutData(source, like: data, options, quiet: json)
    let apart = heldOut?.fingerprint == data.fingerprint ? nil : heldOut
    let judged =
      try model?.judgedSamples(settings.count, seed: seed, of: data, heldOut: apart)
      ?? judgedPictures(settings, like: data, options)
    let blueprint = model?.blueprint
    let evaluator = try Evaluator(
      blueprint?.reference(in: data) ?? data,
      heldOut: apart.map { try blueprint?.reference(in: $0) ?? $0 }, settings: settings,
      known: model?.knownOfSamples(of: data) ?? [], seed: seed, options: options
    ) { note($0) }
    for caveat in evaluator.caveats(judged.count) { note(caveat) }
    let began = ContinuousClock.now
    let evaluation = try evaluator(judged)
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    if let pictures { try draw(evaluation, pictures) }
    let report = EvaluationReport(samples: samples, evaluator: evaluator, evaluation: evaluation, seconds: seconds)
    print(json ? report.json : report.text)
    if worst { list(evaluation.worst) }
  }

  /// The worst pairs of a model's; a pair is a row of its data.
  private func list(_ worst: EvaluationRecord.WorstRecord?) {
    guard let worst else { return note("warning: no metric of pairs was computed, so there are no worst pairs") }
    let pairs = zip(worst.places, worst.values).map { place, value in (name: "pair \(place + 1)", value: value) }
    WorstPairsReport(metric: worst.metric, pairs: pairs).show(json: json)
  }

  /// The reference data, and how to load them.
  private func reference() throws -> (DataSource, LoadOptions) {
    var options = LoadOptions()
    var source = data
    if let runFolder {
      let (record, recipe) = try RunRecord.read(runFolder + "/recipe.json")
      let settings = record.run
      // Other data are not resized as the run's were.
      if data == nil { options = settings.loadOptions }
      options.sides = recipe.sides
      source = source ?? settings.data
    }
    guard let source else {
      throw ValidationError("--data is missing: name the data to compare '\(samples)' with, as in --data mnist")
    }
    if let size { options.size = (width: size.width, height: size.height) }
    if classes != nil { options.classesFromFolders = true }
    if !json { showProgress(of: &options) }
    return (try DataSource(source), options)
  }

  /// The folder of the run that is to be judged, by its name or by that of one of its models; nil if there is none.
  private var runFolder: String? {
    let parent = samples.lastIndex(of: "/").map { String(samples[..<$0]) } ?? "."
    return (isModelFile ? [parent] : [samples]).first { FileSystem.exists($0 + "/recipe.json") }
  }

  private var isModelFile: Bool { samples.hasSuffix(".safetensors") }

  /// The model of a run or a file; nil where pictures are judged.
  private func judgedModel() throws -> (any Model)? {
    guard runFolder != nil || isModelFile else { return nil }
    let model = try ModelFile.read(modelFile(of: samples), .standard)
    // A run says which sides of its data are translated into which.
    guard runFolder != nil || !model.blueprint.takesData else {
      throw ValidationError(
        "the model of \(samples) translates pictures, and only a run folder says which into which: name that, or judge what "
          + "'gan apply \(samples.shellQuoted) SOURCES --out OUT' makes with 'gan evaluate OUT --pairs TRUTH'")
    }
    return model
  }

  private func judgedPictures(_ settings: JudgingSettings, like data: Dataset, _ options: LoadOptions) throws
    -> any SampleStream
  {
    var options = options
    (options.classesFromFolders, options.sides) = (false, nil)
    options.channels = data.kind == .pictures ? data.shape.channels : nil
    options.mentionsSplits = false
    let found = try DataSource(samples).load(.train, options: options)
    report(found, of: samples, quiet: json)
    return DatasetSamples(found, count: settings.count, seed: seed)
  }

  private func draw(_ evaluation: Evaluation, _ folder: String) throws {
    for (name, preview) in try evaluation.previews() {
      let path = UnnamedFile.sheet("\(folder)/\(name).png")
      try preview.write(to: path)
      if !json { note("picture  \(path)") }
    }
  }
}
