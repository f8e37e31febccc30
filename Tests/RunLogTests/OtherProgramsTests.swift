import RunLog
import Synchronization
import Testing

/// A machine that is slow because of others says so.
@Suite struct OtherProgramsTests {
  private static let stat = """
    cpu  900 0 300 5000 70 0 0 40 0 0
    cpu0 100 10 30 1000 50 1 2 4 60 0
    cpu1 200 20 40 1100 60 3 4 5 0 0
    cpu10 5 0 0 9 9 0 0 0 0 0
    intr 12345 0 9
    ctxt 678

    """

  @Test func onlyTheProcessorsOfTheProcessCount() {
    let read = { ProcessorTimes(stat: Self.stat, ticksPerSecond: 100, processors: $0, own: 0.5) }
    #expect(read([0]) == ProcessorTimes(processors: 1, busy: 1.47, own: 0.5))
    #expect(read([0, 1]) == ProcessorTimes(processors: 2, busy: 4.19, own: 0.5))
    #expect(read([10])?.busy == 0.05)
    #expect(read([1, 2]) == nil && read([]) == nil)
    #expect(ProcessorTimes(stat: "cpu0 1 2\n", ticksPerSecond: 100, processors: [0], own: 0) == nil)
  }

  @Test func thisProcessIsAmongWhatKeepsTheProcessorsBusy() throws {
    let first = try #require(ProcessorTimes.now())
    while try #require(ProcessorTimes.now()).own < first.own + 0.3 {}
    let second = try #require(ProcessorTimes.now())
    #expect(second.busy - first.busy > 0.2 && second.processors == first.processors)
  }

  /// A bar of a run of two threads, whose clock stands at the readings' times.
  private func lines(_ readings: [ProcessorTimes?], every seconds: Double = 10, columns: Int = 200) -> [String] {
    let text = Recorder()
    let turn = Mutex(0)
    let bar = ProgressBar(
      style: .plain, width: { columns }, clock: { Double(turn.withLock { $0 }) * seconds },
      times: { readings[turn.withLock { $0 }] }, sink: { text.append($0) })
    _ = bar.observe(start())
    for step in 1..<readings.count {
      turn.withLock { $0 = step }
      _ = bar.observe(.stepped(record(step)))
    }
    return text.whole.split(separator: "\n").filter { $0.hasPrefix("step ") }.map(String.init)
  }

  private func times(_ busy: Double, own: Double, processors: Int = 2) -> ProcessorTimes {
    ProcessorTimes(processors: processors, busy: busy, own: own)
  }

  @Test func theLineSaysWhatOthersTookSinceTheLast() {
    let lines = lines([
      times(100, own: 50), times(120, own: 56), times(140, own: 71.5), times(160, own: 87), times(179, own: 110),
    ])
    #expect(lines[0].contains("  640 samples/s  other programs take about 1.4 cores  loss D 1.250"))
    // 4.5 processor seconds in ten, too little to mention; and more of its own than all, by the inaccuracy of the counts.
    #expect(lines.dropFirst().allSatisfy { !$0.contains("other programs") } && lines.count == 4)
  }

  @Test func whatLeavesEnoughProcessorsIsNotMentioned() {
    let idle = lines([times(0, own: 0, processors: 8), times(70, own: 20, processors: 8)])
    #expect(!idle[0].contains("other programs"))
    let full = lines([times(0, own: 0, processors: 8), times(80, own: 15, processors: 8)])
    #expect(full[0].contains("other programs take about 6.5 cores"))
  }

  @Test func aMomentSaysNothing() {
    // Lines of ten seconds that were drawn in a terminal of ten a second would take a reading each.
    let text = Recorder()
    let now = Mutex(0.0)
    let asked = Mutex(0)
    let bar = ProgressBar(
      style: .terminal, width: { 200 }, clock: { now.withLock { $0 } },
      times: {
        asked.withLock { $0 += 1 }
        return ProcessorTimes(processors: 2, busy: 2 * now.withLock { $0 }, own: 0)
      }, sink: { text.append($0) })
    _ = bar.observe(start())
    for step in 1...100 {
      now.withLock { $0 += 0.125 }
      _ = bar.observe(.stepped(record(step)))
    }
    // At 0, 5 and 10 of 12.5 seconds.
    #expect(asked.withLock { $0 } == 3)
    let noticed = text.all.filter { $0.contains("other programs take about 2.0 cores") }
    #expect(noticed.count == 61)
  }

  @Test func withoutReadingsThereIsNothingToSay() {
    #expect(lines([nil, nil, times(10, own: 0), nil, times(90, own: 0)]).allSatisfy { !$0.contains("other programs") })
  }

  @Test(
    arguments: [
      (
        120,
        "step 500/2,000  other programs take about 2.0 cores  loss D 1.250 G 0.750  D(x) 0.63 D(G(z)) 0.38  2 min 30 s left"
      ),
      (80, "step 500/2,000  other programs take about 2.0 cores  2 min 30 s left"),
      (60, "step 500/2,000  2 min 30 s left"),
    ])
  func aNarrowTerminalKeepsTheNoticeBeforeTheLosses(columns: Int, line: String) {
    let text = Recorder()
    let now = Mutex(0.0)
    let bar = ProgressBar(
      style: .terminal, width: { columns }, clock: { now.withLock { $0 } },
      times: { ProcessorTimes(processors: 2, busy: 2 * now.withLock { $0 }, own: 0) }, sink: { text.append($0) })
    _ = bar.observe(start())
    now.withLock { $0 = 6 }
    _ = bar.observe(.stepped(record(500)))
    #expect(text.all.last == "\r" + line + "\u{1B}[K")
  }
}
