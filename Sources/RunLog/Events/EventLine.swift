extension TrainingEvent {
  /// The event as one JSON object without a line end. Every kind has the members `event` and `step`, the latter being
  /// the step at which the run stands after the event.
  package var jsonLine: String {
    var object = JSONObject()
    object.add("event", kind)
    object.add("step", step)
    switch self {
    case .started(let start): start.addMembers(to: &object)
    case .stepped(let record): record.addMembers(to: &object)
    case .sampled(_, let path, let caption):
      object.add("path", path)
      if let caption { object.add("caption", caption) }
    case .checkpointed(_, let path, let bytes):
      object.add("path", path)
      object.add("bytes", bytes)
    case .noted(_, let message), .warned(_, let message):
      object.add("message", message)
    case .rolledBack(let from, _, let attempt, let reason):
      object.add("from", from)
      object.add("attempt", attempt)
      object.add("reason", reason)
    case .planned(_, let steps, let reason):
      object.add("steps", steps)
      object.add("reason", reason)
    case .evaluated(let record):
      object.add("seconds", record.seconds.toThousandths)
      object.add("cost_seconds", record.cost.toThousandths)
      object.add("total_cost_seconds", record.totalCost.toThousandths)
      object.add("is_best", record.isBest)
      object.add("metrics", record.metrics.map(\.jsonObject))
      if let worst = record.worst { object.add("worst", worst.jsonObject) }
    case .alarmed(let record):
      object.add("alarm", record.kind)
      object.add("evidence", record.evidence)
      object.add("advice", record.advice)
    case .finished(let end):
      object.add(StepMember.samples.rawValue, end.samples)
      object.add("seconds", end.seconds.toThousandths)
      object.add("reason", "\(end.reason)")
      object.add("exit_status", Int(end.reason.exitStatus))
    }
    return object.line
  }

  /// Whether the event belongs in a log. Of the steps these do: each of the first 100, every 10th of the first 10,000,
  /// every 100th from there on, so that a log grows slowly and the same run writes the same lines.
  package var isLogged: Bool {
    guard case .stepped(let record) = self else { return true }
    let step = record.step
    return step <= 100 || step.isMultiple(of: step <= 10_000 ? 10 : 100)
  }

  private var kind: String {
    switch self {
    case .started(let start): start.firstStep == 0 ? "start" : "resume"
    case .stepped: "step"
    case .sampled: "samples"
    case .checkpointed: "checkpoint"
    case .noted: "note"
    case .warned: "warning"
    case .rolledBack: "rollback"
    case .planned: "plan"
    case .evaluated: "evaluation"
    case .alarmed: "alarm"
    case .finished: "end"
    }
  }

  private var step: Int {
    switch self {
    case .started(let start): start.firstStep
    case .stepped(let record): record.step
    case .sampled(let step, _, _), .checkpointed(let step, _, _), .noted(let step, _), .warned(let step, _),
      .planned(let step, _, _):
      step
    case .rolledBack(_, let to, _, _): to
    case .evaluated(let record): record.step
    case .alarmed(let record): record.step
    case .finished(let end): end.step
    }
  }
}

extension RunStart {
  fileprivate func addMembers(to object: inout JSONObject) {
    object.add("recipe", recipe)
    object.add("data", dataset.source)
    object.add("dataset", dataset.name)
    object.add("dataset_count", dataset.count)
    object.add("dataset_shape", dataset.shape)
    for player in players { object.add(Self.parameters + player.name, player.parameters) }
    object.add("batch", batch)
    object.add("precision", arithmetic.precision)
    object.add("device", arithmetic.device)
    object.add("threads", arithmetic.threads)
    if let stepsLimit { object.add("steps_limit", stepsLimit) }
    object.add("run", runPath)
    object.add("scalars", scalars.map(\.jsonObject))
  }

  /// What the members with the players' sizes begin with.
  static let parameters = "parameters_"
}

extension StepRecord {
  /// The scalars of the progress line come first, those for the charts alone last.
  fileprivate func addMembers(to object: inout JSONObject) {
    func add(_ member: StepMember, _ value: Double) { object.add(member.rawValue, value.toThousandths) }
    object.add(StepMember.samples.rawValue, samples)
    add(.seconds, seconds)
    for element in scalars where element.scalar.group.label != nil { object.add(element.scalar.name, element.value) }
    add(.samplesPerSecond, samplesPerSecond)
    object.add(StepMember.scoresAreProbabilities.rawValue, scalars.contains { $0.scalar.isProbability })
    for element in scalars where element.scalar.group.label == nil { object.add(element.scalar.name, element.value) }
  }
}

extension Double {
  /// Times and rates are measured, so that further digits would only be noise.
  fileprivate var toThousandths: Double { (self * 1000).rounded() / 1000 }
}
