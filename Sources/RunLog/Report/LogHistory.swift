import Files

/// What a log holds, in the order in which the run's states followed each other: where a run went back to an earlier
/// step, what had come after that step is left out of the curves and stays among the notes.
struct LogHistory {
  /// Something besides a step that is worth a line.
  struct Note: Equatable {
    enum Kind: String {
      case start, resume, note, warning, rollback, plan, alarm, end
    }
    var kind: Kind
    var step: Int
    var text: String
    /// The alarm that a note of this kind is about.
    var alarm: AlarmRecord?
  }

  /// A number over the steps at which the log has it.
  struct Series {
    /// The steps, rising.
    var steps: [Int] = []
    /// The values, not a number where the log has null.
    var values: [Double] = []

    var curve: Curve { Curve(steps: steps, values: values) }
  }

  /// The steps that were logged, rising.
  private(set) var steps: [Int] = []
  private var series: [String: Series] = [:]
  /// The names of the scalars in ``series``, in the order in which they first come.
  private var names: [String] = []
  /// What the newest start or resume says of the scalars, by their names.
  private var descriptions: [String: Scalar] = [:]
  private(set) var notes: [Note] = []
  /// The evaluations of the generator, by rising steps.
  private(set) var evaluations: [EvaluationRecord] = []
  /// The newest start or resume.
  private(set) var start: JSONValue?
  /// The end, unless the run went on after it.
  private(set) var end: JSONValue?
  /// What stands where on the newest preview, if the log says so.
  private(set) var sampleCaption: String?

  /// A step beyond these was never trained; its line is damaged.
  private static let credibleSteps = 0...1_000_000_000_000_000

  /// Reads the log at `path`; lines that are not JSON are skipped.
  init(contentsOf path: String) throws(FileError) {
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

  /// The scalars that were logged, those of a group together. One that the log does not describe goes by its name.
  var scalars: [[Scalar]] { names.map { descriptions[$0] ?? Scalar(undescribed: $0) }.grouped }

  /// The values of `scalar`.
  subscript(scalar: Scalar) -> Series { series[scalar.name] ?? Series() }

  /// The values of a member that every step's line has.
  subscript(member: StepMember) -> Series { series[member.rawValue] ?? Series() }

  /// Training samples per second over the whole of the run; nil when it is not known.
  var samplesPerSecond: Double? {
    guard let samples = self[.samples].values.last, let seconds = self[.seconds].values.last, seconds > 0
    else { return nil }
    return samples / seconds
  }

  /// The players and the number of their trainable values, as the newest start or resume has them.
  var players: [(name: String, parameters: Double)] {
    guard case .object(let members)? = start else { return [] }
    return members.compactMap { member in
      guard member.key.hasPrefix(RunStart.parameters), let count = member.value.double else { return nil }
      return (String(member.key.dropFirst(RunStart.parameters.count)), count)
    }
  }

  private mutating func add(_ line: JSONValue, step: Int) {
    switch line["event"]?.string {
    case "step":
      end = nil
      if let last = steps.last, last >= step { goBack(to: step - 1) }
      steps.append(step)
      for member in [StepMember.samples, .seconds, .samplesPerSecond] {
        series[member.rawValue, default: Series()].append(line[member.rawValue]?.double ?? .nan, at: step)
      }
      addScalars(line, step: step)
    case "start":
      begin(line)
      notes.append(Note(kind: .start, step: step, text: "training began"))
    case "resume":
      begin(line)
      end = nil
      goBack(to: step)
      notes.append(Note(kind: .resume, step: step, text: "training resumed from a checkpoint"))
    case "evaluation":
      if let evaluation = EvaluationRecord(line, step: step) { evaluations.append(evaluation) }
    case "samples": sampleCaption = line["caption"]?.string
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
    case "plan":
      guard let steps = line["steps"]?.integer else { return }
      notes.append(Note(kind: .plan, step: step, text: Wording.plan(steps: steps, line["reason"]?.string ?? "")))
    case "end":
      end = line
      notes.append(Note(kind: .end, step: step, text: line["reason"]?.string ?? ""))
    default: break
    }
  }

  private mutating func begin(_ line: JSONValue) {
    start = line
    guard case .array(let elements)? = line["scalars"] else { return }
    descriptions = Dictionary(elements.compactMap { Scalar($0) }.map { ($0.name, $0) }) { first, _ in first }
  }

  /// Every member of a step's line that is a number and nothing else is a scalar.
  private mutating func addScalars(_ line: JSONValue, step: Int) {
    guard case .object(let members) = line else { return }
    for member in members where Scalar.isUsable(member.key) && series[member.key]?.steps.last != step {
      let value = member.value.double ?? .nan
      guard member.value == .null || !value.isNaN else { continue }
      if series[member.key] == nil { names.append(member.key) }
      series[member.key, default: Series()].append(value, at: step)
    }
  }

  private mutating func goBack(to step: Int) {
    steps.removeLast(steps.count - (steps.lastIndex { $0 <= step }.map { $0 + 1 } ?? 0))
    evaluations.removeAll { $0.step > step }
    for name in series.keys { series[name]?.goBack(to: step) }
  }
}

extension LogHistory.Series {
  fileprivate mutating func append(_ value: Double, at step: Int) {
    steps.append(step)
    values.append(value)
  }

  fileprivate mutating func goBack(to step: Int) {
    let dropped = steps.count - (steps.lastIndex { $0 <= step }.map { $0 + 1 } ?? 0)
    steps.removeLast(dropped)
    values.removeLast(dropped)
  }
}
