import RunLog
import Synchronization
import Testing

@Suite struct ProgressBarTests {
  /// A bar whose clock the test moves and whose text it reads.
  private final class Stage: Sendable {
    let text = Recorder()
    private let now = Mutex(0.0)
    private let columns: Int
    init(columns: Int) { self.columns = columns }

    func bar(_ style: ProgressBar.Style) -> ProgressBar {
      ProgressBar(
        style: style, width: { self.columns }, clock: { self.now.withLock { $0 } }, sink: { self.text.append($0) })
    }

    func wait(_ seconds: Double) { now.withLock { $0 += seconds } }
  }

  @Test(
    arguments: [
      (
        125,
        "step 500/2,000  [=======>                    ]  640 samples/s  loss D 1.250 G 0.750  D(x) 0.63 D(G(z)) 0.38  2 min 30 s left"
      ),
      (100, "step 500/2,000  640 samples/s  loss D 1.250 G 0.750  D(x) 0.63 D(G(z)) 0.38  2 min 30 s left"),
      (80, "step 500/2,000  loss D 1.250 G 0.750  D(x) 0.63 D(G(z)) 0.38  2 min 30 s left"),
      (60, "step 500/2,000  loss D 1.250 G 0.750  2 min 30 s left"), (40, "step 500/2,000  2 min 30 s left"),
      (20, "step 500/2,000"), (8, "step 50"),
    ])
  func theLineFitsTheTerminal(columns: Int, line: String) {
    let stage = Stage(columns: columns)
    #expect(stage.bar(.terminal).observe(.stepped(record(500))) == .continue)
    #expect(stage.text.whole == "\r" + line + "\u{1B}[K")
    #expect(line.count < columns)
  }

  @Test func aTerminalIsRedrawnAtMostTenTimesASecond() {
    let stage = Stage(columns: 100)
    let bar = stage.bar(.terminal)
    for step in 1...1000 {
      _ = bar.observe(.stepped(record(step)))
      stage.wait(0.001)
    }
    #expect((9...11).contains(stage.text.all.count))
    _ = bar.observe(end(1000))
    #expect(stage.text.whole.contains("\rstep 1,000/2,000"), "the last step is drawn whenever it comes")
    #expect(stage.text.whole.hasSuffix("\ncompleted: 1,000 steps, 64,000 samples in 1 min 40 s\n"))
  }

  @Test func aPipeGetsTheFirstTheLastAndALineEveryTenSeconds() {
    let stage = Stage(columns: 100)
    let bar = stage.bar(.plain)
    _ = bar.observe(start())
    for step in 1...250 {
      _ = bar.observe(.stepped(record(step)))
      stage.wait(0.125)
    }
    _ = bar.observe(end(250, .guardTripped("the loss of G is not finite")))
    #expect(
      stage.text.whole == """
        dcgan on digits: 60,000 examples of 28x28 grey, batch 64
        parameters: generator 1.4M, discriminator 431k; float32 on cpu, 2 threads
        run folder runs/dcgan-digits
        step 1/2,000 (0 %)  640 samples/s  loss D 1.250 G 0.750  D(x) 0.63 D(G(z)) 0.38  3 min 20 s left
        step 81/2,000 (4 %)  640 samples/s  loss D 1.250 G 0.750  D(x) 0.63 D(G(z)) 0.38  3 min 12 s left
        step 161/2,000 (8 %)  640 samples/s  loss D 1.250 G 0.750  D(x) 0.63 D(G(z)) 0.38  3 min 4 s left
        step 241/2,000 (12 %)  640 samples/s  loss D 1.250 G 0.750  D(x) 0.63 D(G(z)) 0.38  2 min 56 s left
        step 250/2,000 (12 %)  640 samples/s  loss D 1.250 G 0.750  D(x) 0.63 D(G(z)) 0.38  2 min 55 s left
        stopped by a guard: the loss of G is not finite: 250 steps, 16,000 samples in 25 s

        """)
  }

  @Test func timeLeftComesFromTheLimitThatEndsTheRunFirst() {
    let cases: [(StepRecord, String)] = [
      (record(500, secondsLimit: 60), "10 s left"), (record(500, stepsLimit: nil, secondsLimit: 7250), "2 h left"),
      (record(500, stepsLimit: nil), "50 s so far"),
    ]
    for (record, words) in cases {
      let stage = Stage(columns: 200)
      _ = stage.bar(.plain).observe(.stepped(record))
      #expect(stage.text.whole.hasSuffix("  \(words)\n"), "\(stage.text.whole)")
    }
  }

  @Test func rawScoresAndLargeNumbersAreReadable() {
    let stage = Stage(columns: 200)
    var wild = record(1_234_567, lossOfD: .nan, stepsLimit: nil, probabilities: false)
    wild[.lossOfG] = -1.5e12
    wild[Scalar.scores(areProbabilities: false).real] = -12.345
    wild[Scalar.scores(areProbabilities: false).fake] = .infinity
    wild.samplesPerSecond = 1249
    wild.seconds = 200_000
    _ = stage.bar(.plain).observe(.stepped(wild))
    #expect(
      stage.text.whole
        == "step 1,234,567  1.2k samples/s  loss D nan G -1.5e12  D(x) -12.35 D(G(z)) inf  2 d 7 h so far\n")
  }

  @Test func theLineShowsTheScalarsOfEachGame() {
    let rates = Scalar.Group(title: "Rates", label: "rate")
    var step = record(10, stepsLimit: nil)
    step.scalars = [
      Scalar("bits", title: "code", unit: "bits", group: rates): 2.5, .gradient: 7, .lossOfD: 1,
      Scalar("share", title: "kept", group: rates, isProbability: true): 0.256,
    ]
    let wide = Stage(columns: 200)
    _ = wide.bar(.plain).observe(.stepped(step))
    #expect(wide.text.whole == "step 10  640 samples/s  rate code 2.500 bits kept 0.26  loss D 1.000  1 s so far\n")
    let narrow = Stage(columns: 55)
    _ = narrow.bar(.terminal).observe(.stepped(step))
    #expect(narrow.text.whole == "\rstep 10  rate code 2.500 bits kept 0.26  1 s so far\u{1B}[K")
    step.scalars = [:]
    let bare = Stage(columns: 200)
    _ = bare.bar(.plain).observe(.stepped(step))
    #expect(bare.text.whole == "step 10  640 samples/s  1 s so far\n")
  }

  @Test func warningsStandAboveTheBarAndAreHeardWhenQuiet() {
    let stage = Stage(columns: 200)
    let bar = stage.bar(.terminal)
    _ = bar.observe(.stepped(record(1)))
    _ = bar.observe(.warned(step: 1, message: "the disk is full"))
    #expect(stage.text.whole.hasSuffix("\r\u{1B}[Kwarning at step 1: the disk is full\n"))

    let still = Stage(columns: 200)
    let quiet = still.bar(.quiet)
    let events: [TrainingEvent] = [
      start(), .stepped(record(1)), .warned(step: 1, message: "w"),
      .rolledBack(from: 9, to: 1, attempt: 1, reason: "r"), end(2),
    ]
    for event in events { _ = quiet.observe(event) }
    #expect(still.text.whole == "warning at step 1: w\nstep 9: r; continuing from step 1, attempt 1\n")
  }

  @Test func evaluationsAndAlarmsHaveLinesOfTheirOwn() {
    let stage = Stage(columns: 200)
    let bar = stage.bar(.plain)
    _ = bar.observe(evaluation(2000, isBest: true, metric("fid", 12.3456), metric("kid", 0.00123, deviation: 0.00045)))
    _ = bar.observe(evaluation(4000, metric("spread", 0.5, deviation: 0), metric("is", 2.3026, deviation: 1e-7)))
    _ = bar.observe(alarm(4000))
    #expect(
      stage.text.whole == """
        step 2,000: fid 12.35 ± 0.25, kid 0.00123 ± 0.00045 (the best so far; took 0.5 s)
        step 4,000: spread 0.500 ± 0, is 2.3026 ± 0.0000 (took 0.5 s)
        alarm: collapse at step 4,000: coverage fell from 0.61 to 0.02; advice: --set objective=hinge

        """)
    let quiet = Stage(columns: 200)
    _ = quiet.bar(.quiet).observe(evaluation(2000, metric("fid", 1)))
    _ = quiet.bar(.quiet).observe(alarm(4000))
    #expect(quiet.text.whole.hasPrefix("alarm: collapse at step 4,000: "))
  }

  @Test func aPlanHasALineOfItsOwn() {
    let stage = Stage(columns: 200)
    let plan = TrainingEvent.planned(step: 6750, steps: 7500, reason: "a step takes 48 ms")
    _ = stage.bar(.plain).observe(plan)
    #expect(stage.text.whole == "step 6,750: learning rates now fall until step 7,500: a step takes 48 ms\n")
    let quiet = Stage(columns: 200)
    _ = quiet.bar(.quiet).observe(plan)
    #expect(quiet.text.whole.isEmpty)
  }

  @Test func aTerminalThatIsGoneEndsTheTextAndNotTheRun() {
    struct Gone: Error {}
    let calls = Mutex(0)
    let bar = ProgressBar(style: .plain, width: { 80 }, clock: { 0 }) { _ in
      calls.withLock { $0 += 1 }
      throw Gone()
    }
    #expect(bar.observe(start()) == .continue)
    #expect(bar.observe(.stepped(record(1))) == .continue)
    #expect(bar.observe(end(1)) == .continue)
    #expect(calls.withLock { $0 } == 1)
  }
}
