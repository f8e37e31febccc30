import Files

/// What a log tells, in the order in which the run's states followed each other: where a run went back to an earlier
/// step, what had come after that step is left out of the curves and stays among the notes.
struct LogHistory {
  /// Something besides a step that is worth a line.
  struct Note: Equatable {
    enum Kind: String {
      case start, resume, note, warning, rollback, alarm, end
    }
    var kind: Kind
    var step: Int
    var text: String
    /// The alarm that a note of this kind is about.
    var alarm: AlarmRecord?
  }

  /// The steps that were logged, rising.
  private(set) var steps: [Int] = []
  /// The values of the measured members at ``steps``, not a number where the log has null.
  private(set) var values: [Measure: [Double]] = [:]
  private(set) var notes: [Note] = []
  /// The evaluations of the generator, by rising steps.
  private(set) var evaluations: [EvaluationRecord] = []
  /// The newest start or resume.
  private(set) var start: JSONValue?
  /// The end, unless the run went on after it.
  private(set) var end: JSONValue?
  private(set) var scoresAreProbabilities = false

  /// A step beyond these was never trained; its line is damaged.
  private static let credibleSteps = 0...1_000_000_000_000_000

  /// The measured members of a step's line.
  enum Measure: String, CaseIterable {
    case images, seconds
    case lossDiscriminator = "loss_discriminator"
    case lossGenerator = "loss_generator"
    case scoreReal = "score_real"
    case scoreFake = "score_fake"
    case imagesPerSecond = "images_per_second"
  }

  /// Reads the log at `path`; lines that are not JSON are passed over.
  init(contentsOf path: String) throws(FileError) {
    for measure in Measure.allCases { values[measure] = [] }
    try MappedFile(path).withBytes { read($0) }
  }

  private mutating func read(_ bytes: UnsafeRawBufferPointer) {
    forEachLine(of: bytes) { line in
      if let value = JSONValue(parsing: line), let step = value["step"]?.integer,
        Self.credibleSteps.contains(step)
      {
        add(value, step: step)
      }
    }
  }

  /// The last value of `measure`; nil when no step was logged.
  func last(_ measure: Measure) -> Double? { values[measure]?.last }

  private mutating func add(_ line: JSONValue, step: Int) {
    switch line["event"]?.string {
    case "step":
      end = nil
      if let last = steps.last, last >= step { goBack(to: step - 1) }
      steps.append(step)
      for measure in Measure.allCases { values[measure]?.append(line[measure.rawValue]?.double ?? .nan) }
      scoresAreProbabilities = line["scores_are_probabilities"] == .bool(true)
    case "start":
      start = line
      notes.append(Note(kind: .start, step: step, text: "training began"))
    case "resume":
      start = line
      end = nil
      goBack(to: step)
      notes.append(Note(kind: .resume, step: step, text: "training went on from a checkpoint"))
    case "evaluation":
      if let evaluation = EvaluationRecord(line, step: step) { evaluations.append(evaluation) }
    case "alarm":
      let alarm = AlarmRecord(line, step: step)
      notes.append(Note(kind: .alarm, step: step, text: "\(alarm.kind): \(alarm.evidence)", alarm: alarm))
    case "note":
      notes.append(Note(kind: .note, step: step, text: line["message"]?.string ?? ""))
    case "warning":
      notes.append(Note(kind: .warning, step: step, text: line["message"]?.string ?? ""))
    case "rollback":
      goBack(to: step)
      let from = line["from"]?.integer.map { "at step \(Wording.grouped($0)): " } ?? ""
      let attempt = line["attempt"]?.integer.map { " (attempt \($0))" } ?? ""
      notes.append(Note(kind: .rollback, step: step, text: from + (line["reason"]?.string ?? "") + attempt))
    case "end":
      end = line
      notes.append(Note(kind: .end, step: step, text: line["reason"]?.string ?? ""))
    default: break
    }
  }

  private mutating func goBack(to step: Int) {
    let kept = steps.lastIndex { $0 <= step }.map { $0 + 1 } ?? 0
    let dropped = steps.count - kept
    steps.removeLast(dropped)
    evaluations.removeAll { $0.step > step }
    for measure in Measure.allCases { values[measure]?.removeLast(dropped) }
  }
}
