import Glibc
import Synchronization

/// An observer that shows the progress of a run: one line redrawn in place on a terminal, otherwise a plain line now
/// and then. Plans, evaluations, alarms, warnings and rollbacks get lines of their own. The line says if other programs take so much
/// of the processors that the run's threads have to wait.
public final class ProgressBar: Sendable {
  /// How much is shown, and in which form.
  public enum Style: Sendable {
    /// A line redrawn in place, at most ten times a second.
    case terminal
    /// A line about every ten seconds, for a file or a pipe.
    case plain
    /// Alarms, warnings and rollbacks only.
    case quiet
  }

  private struct State {
    var style: Style
    var lastDrawn = -Double.infinity
    var isLineOpen = false
    var undrawn: StepRecord?
    var threads = 1
    var others = OtherPrograms()
  }

  private let width: @Sendable () -> Int
  private let clock: @Sendable () -> Double
  private let times: @Sendable () -> ProcessorTimes?
  private let sink: @Sendable (String) throws -> Void
  private let state: Mutex<State>

  /// A bar with everything from outside it given.
  ///
  /// - Parameters:
  ///   - width: The terminal's width in columns, asked at each drawing.
  ///   - clock: Seconds from any beginning, never running backwards.
  ///   - times: What the processors have done so far, asked every few seconds; nil where that is unknown.
  ///   - sink: Where the text goes. When it throws, nobody is reading any more and nothing further is written.
  public init(
    style: Style, width: @escaping @Sendable () -> Int, clock: @escaping @Sendable () -> Double,
    times: @escaping @Sendable () -> ProcessorTimes? = { nil }, sink: @escaping @Sendable (String) throws -> Void
  ) {
    self.width = width
    self.clock = clock
    self.times = times
    self.sink = sink
    state = Mutex(State(style: style))
  }

  /// A bar on standard error, in the form that suits what standard error is.
  public static func standardError(quiet: Bool = false) -> ProgressBar {
    ProgressBar(
      style: quiet ? .quiet : StandardStream.error.isTerminal ? .terminal : .plain,
      width: { StandardStream.error.columns },
      clock: {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
      },
      times: ProcessorTimes.now, sink: { try StandardStream.error.write($0) })
  }

  /// Shows what is due.
  public func observe(_ event: TrainingEvent) -> TrainingResponse {
    state.withLock { state in
      do {
        try show(event, &state)
      } catch {
        state.style = .quiet
      }
    }
    return .continue
  }

  private func show(_ event: TrainingEvent, _ state: inout State) throws {
    switch event {
    case .started(let start):
      guard state.style != .quiet else { return }
      state.threads = start.arithmetic.threads
      state.others.observe(at: clock(), times)
      try printLine(Self.header(start), &state)
    case .stepped(let record): try step(record, &state)
    case .noted(_, let message): if state.style != .quiet { try printLine(message, &state) }
    case .warned(let step, let message):
      try printLine("warning at step \(Wording.grouped(step)): \(message)", &state)
    case .rolledBack(let from, let to, let attempt, let reason):
      try printLine(
        "step \(Wording.grouped(from)): \(reason); continuing from step \(Wording.grouped(to)), attempt \(attempt)",
        &state)
    case .planned(let step, let steps, let reason):
      if state.style != .quiet {
        try printLine("step \(Wording.grouped(step)): \(Wording.plan(steps: steps, reason))", &state)
      }
    case .evaluated(let record):
      if state.style != .quiet { try printLine(Wording.evaluation(record), &state) }
    case .alarmed(let alarm):
      try printLine(Wording.alarm(alarm), &state)
    case .finished(let end): if state.style != .quiet { try finish(end, &state) }
    case .sampled, .checkpointed: break
    }
  }

  private func step(_ record: StepRecord, _ state: inout State) throws {
    let now = clock()
    state.undrawn = record
    switch state.style {
    case .quiet: return
    case .terminal: if now - state.lastDrawn < 0.1 { return }
    case .plain: if now - state.lastDrawn < 10 { return }
    }
    state.lastDrawn = now
    try draw(record, &state)
  }

  private func draw(_ record: StepRecord, _ state: inout State) throws {
    state.undrawn = nil
    state.others.observe(at: clock(), times)
    let line = ProgressLine(record: record, notice: state.others.notice(threads: state.threads))
    if state.style == .terminal {
      // The last column stays free: some terminals wrap when it is written.
      try sink("\r" + line.text(width: max(1, width() - 1)) + "\u{1B}[K")
      state.isLineOpen = true
    } else {
      try sink(line.plain + "\n")
    }
  }

  private func finish(_ end: RunEnd, _ state: inout State) throws {
    if let record = state.undrawn { try draw(record, &state) }
    if state.isLineOpen { try sink("\n") }
    state.isLineOpen = false
    let samples = Wording.grouped(end.samples)
    try sink(
      "\(end.reason): \(Wording.grouped(end.step)) steps, \(samples) samples in \(Wording.duration(end.seconds))\n")
  }

  /// Prints whole lines above the one that is redrawn.
  private func printLine(_ text: String, _ state: inout State) throws {
    try sink((state.isLineOpen ? "\r\u{1B}[K" : "") + text + "\n")
    state.isLineOpen = false
    state.lastDrawn = -Double.infinity
  }

  private static func header(_ start: RunStart) -> String {
    let players = start.players.map { "\($0.name) \(Wording.short(Double($0.parameters)))" }
    let (arithmetic, dataset) = (start.arithmetic, start.dataset)
    let threads = arithmetic.threads == 1 ? "1 thread" : "\(arithmetic.threads) threads"
    let going = start.firstStep == 0 ? "" : ", resuming after step \(Wording.grouped(start.firstStep))"
    return """
      \(start.recipe) on \(dataset.name): \(Wording.grouped(dataset.count)) examples of \(dataset.shape), \
      batch \(start.batch)
      parameters: \(players.joined(separator: ", ")); \(arithmetic.precision) on \(arithmetic.device), \(threads)
      run folder \(start.runPath)\(going)
      """
  }
}
