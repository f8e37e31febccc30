import CommandLineKit
import Files
import GAN

/// `gan extractor train`
struct ExtractorTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train the classifier whose features the metrics use.",
    discussion: """
      Trains on the training split of labelled DATA, prints the accuracy on the test split and stores the classifier in \
      the cache, where 'gan evaluate' and 'gan train' find it. Values measured with different classifiers (different \
      fingerprints) are not comparable. Training uses two threads on every machine, since the weights depend on their \
      number.
      """)

  @Option(help: ArgumentHelp("A named data set, a folder of pictures or an IDX file, with labels.", valueName: "DATA"))
  var data = "digits"
  @Option(help: ArgumentHelp("Resize and crop pictures to this size.", valueName: "WxH"))
  var size: PictureSize?
  @Option(help: ArgumentHelp("'folders': each subfolder of a folder of pictures is a class.", valueName: "folders"))
  var classes: ClassSource?
  @Option(help: ArgumentHelp("File to write the classifier to; by default in the cache.", valueName: "FILE"))
  var out: String?
  @Option(help: ArgumentHelp("Training steps; by default four epochs, at least 2,000.", valueName: "N"))
  var steps: Int?
  @Option(help: ArgumentHelp("Seed of all random numbers.", valueName: "N"))
  var seed: UInt64 = 1
  @Flag(help: "Print no progress.")
  var quiet = false
  @Flag(help: "Print the result as a JSON object.")
  var json = false

  mutating func run() throws {
    if let out { try AtomicFile.check(out) }
    if let steps, steps < 1 { throw ValidationError("--steps must be at least 1, got \(steps)") }
    var options = LoadOptions()
    if let size { options.size = (size.width, size.height) }
    options.classesFromFolders = classes != nil
    if !quiet { showProgress(of: &options) }
    let source = try DataSource(data)
    // The channels of stacked digits are read one by one.
    let labelled = source.stackedBase ?? source
    let train = try labelled.load(.train, options: options)
    report(train, of: "\(labelled)", quiet: quiet)
    let started = ContinuousClock.now
    let training = try ClassifierTraining(
      train, test: labelled.load(.test, like: train, options: options), steps: steps, seed: seed)
    let line = StatusLine()
    let classifier = try training { progress in
      if !quiet { line.show(progress) }
    }
    let seconds = (ContinuousClock.now - started) / .seconds(1)
    let file: String
    if let out {
      try classifier.write(to: out)
      file = out
    } else {
      file = try ExtractorCache(options).store(classifier, for: train)
    }
    print(json ? object(classifier, seconds, file) : text(classifier, seconds, file))
  }

  private func text(_ classifier: Classifier, _ seconds: Double, _ file: String) -> String {
    let origin = classifier.origin
    return """
      \(classifier.name), \(classifier.shape), \(classifier.classCount) classes
      accuracy      \(fixed(100 * origin.accuracy, 2)) % of \(origin.judgedCount) pictures (\(origin.judgedOn.rawValue))
      trained       \(origin.steps) steps in \(fixed(seconds, 1)) s
      fingerprint   \(classifier.fingerprint)
      file          \(file)
      """
  }

  private func object(_ classifier: Classifier, _ seconds: Double, _ file: String) -> String {
    var object = JSONObject()
    object.add("extractor", classifier.name)
    object.add("fingerprint", classifier.fingerprint)
    object.add("data", classifier.origin.data)
    object.add("data_fingerprint", classifier.origin.dataFingerprint)
    object.add("shape", "\(classifier.shape)")
    object.add("classes", classifier.classCount)
    object.add("accuracy", classifier.origin.accuracy)
    object.add("judged_on", classifier.origin.judgedOn.rawValue)
    object.add("judged_count", classifier.origin.judgedCount)
    object.add("steps", classifier.origin.steps)
    object.add("seconds", seconds)
    object.add("seed", classifier.origin.seed)
    object.add("file", file)
    return object.line
  }
}
