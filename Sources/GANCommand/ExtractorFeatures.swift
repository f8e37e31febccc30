import CommandLineKit
import GAN

/// `gan extractor features`
struct ExtractorFeatures: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features", abstract: "Write the features that an extractor computes for a data set.",
    discussion: """
      Features are float32 [N, D], class scores float32 [N, groups, classes]. 'auto' and 'classifier' train a classifier \
      first, 'encoder' an encoder, if the cache has none.
      """)

  @Argument(
    help: ArgumentHelp("A named data set, a folder of pictures, an IDX file or an .npy file.", valueName: "DATA"))
  var source: String
  @Option(
    help: ArgumentHelp("Feature extractor: \(ExtractorChoice.names.joined(separator: ", ")).", valueName: "E"))
  var extractor = "auto"
  @Option(help: ArgumentHelp("Where to write the features.", valueName: "FILE.npy"))
  var out: String
  @Option(help: ArgumentHelp("Also write the class scores.", valueName: "FILE.npy"))
  var logits: String?
  @Option(help: ArgumentHelp("Which split: train or test.", valueName: "SPLIT"))
  var split = Split.train
  @Option(help: ArgumentHelp("Resize and crop pictures to this size.", valueName: "WxH"))
  var size: PictureSize?
  @Option(help: ArgumentHelp("'folders': each subfolder of a folder of pictures is a class.", valueName: "folders"))
  var classes: ClassSource?
  @Option(help: ArgumentHelp("Use only the first N samples; by default all.", valueName: "N"))
  var count: Int?
  @Option(help: ArgumentHelp("Samples per batch.", valueName: "N"))
  var batch = 100
  @Option(help: ArgumentHelp("CPU threads; by default as many as 'gan doctor' says.", valueName: "N"))
  var threads: ThreadCount?
  @Flag(help: "Print no progress.")
  var quiet = false

  mutating func run() throws {
    if let count, count < 1 { throw ValidationError("--count must be at least 1, got \(count)") }
    guard batch > 0 else { throw ValidationError("--batch must be at least 1, got \(batch)") }
    try OutputName.check(out, for: "--out", suffix: "npy")
    if let logits { try OutputName.check(logits, for: "--logits", suffix: "npy") }
    let choice = try asCommandLine { try ExtractorChoice(extractor) }
    if let threads { Machine.threads = threads.count }
    var options = LoadOptions()
    if let size { options.size = (size.width, size.height) }
    options.classesFromFolders = classes != nil
    if !quiet { showProgress(of: &options) }
    let origin = try DataSource(source)
    let train = try origin.load(.train, options: options)
    let data = split == .train ? train : try origin.load(split, like: train, options: options)
    report(data, of: source, quiet: quiet)
    let line = StatusLine()
    let found = try choice.extractor(for: train, options: options) { [quiet] progress in
      if !quiet { line.show(progress) }
    }
    guard let found else { throw MetricError("no extractor applies to \(source)") }
    let rows = min(count ?? data.count, data.count)
    var (features, scores) = ([Tensor](), [Tensor]())
    for start in stride(from: 0, to: rows, by: batch) {
      let end = min(start + batch, rows)
      let seen = try found(data.samples(start..<end))
      features.append(seen.values)
      if logits != nil {
        guard let scored = seen.logits else {
          throw ValidationError(
            "--logits: \(found.name) gives no class scores; leave --logits out, or use an extractor that classifies")
        }
        scores.append(scored)
      }
      if !quiet { line.show("features of \(end) of \(rows) samples", isLast: end == rows) }
    }
    try write(features, to: out)
    if let logits { try write(scores, to: logits) }
    print("extractor     \(found.name), resize: \(found.resize)")
    print("fingerprint   \(found.fingerprint)")
    print("features      \(out)")
  }

  private func write(_ parts: [Tensor], to path: String) throws {
    let whole = try withTorchErrors { Tensor.concatenated(parts) }
    try NPY.write(whole.array(of: Float.self), shape: whole.shape, to: path)
  }
}

extension StatusLine {
  /// Shows how far the training of an extractor is.
  func show(_ progress: ExtractorProgress) {
    show(
      "training the \(progress.extractor): step \(progress.step) of \(progress.steps), loss \(fixed(progress.loss, 4))",
      isLast: progress.step == progress.steps)
  }
}
