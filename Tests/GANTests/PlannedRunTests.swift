import Foundation
import GAN
import Synchronization
import Testing

/// Runs that are limited by time on a machine whose pace changes.
@Suite struct PlannedRunTests {
  /// A sixty-fourth of a second a step, which is what the run was planned by.
  private static let usual = 1.0 / 64
  private static let steps = 1000
  private static let inTime = Limits(minutes: Double(steps) * usual / 60)
  /// Four times slower in the second half.
  @Sendable private static func slowing(_ step: Int) -> Double { step <= steps / 2 ? usual : 4 * usual }

  /// The time that each reading of a clock adds: what the step that is being played takes.
  private final class Hand: Sendable {
    private let state = Mutex((time: 0.0, step: 0.0))
    func set(_ seconds: Double) { state.withLock { $0.step = seconds } }
    func read() -> Double {
      state.withLock {
        $0.time += $0.step
        return $0.time
      }
    }
  }

  private func recipe() throws -> AdversarialRecipe {
    try tinyRecipe(
      .mlp,
      [
        "steps=\(Self.steps)", "generator.schedule=cosine", "generator.schedule_end=0.05",
        "generator.schedule_steps=\(Self.steps)", "discriminator.schedule=linear",
        "discriminator.schedule_steps=\(Self.steps)",
      ])
  }

  private func settings(_ data: Dataset, checkpointEvery: Int) -> RunSettings {
    var settings = tinySettings(data, checkpointEvery: checkpointEvery)
    settings.judging.every = 0
    return settings
  }

  private func begin(_ folder: String, _ recipe: AdversarialRecipe? = nil, checkpointEvery: Int = 500) throws -> Trainer
  {
    let data = try tinyPictures(in: folder)
    return try Trainer(
      recipe ?? self.recipe(), data: data, run: .create(folder + "/run"),
      settings: settings(data, checkpointEvery: checkpointEvery))
  }

  /// Trains by a clock in which step number n (from 1) takes `pace(n)` seconds.
  ///
  /// - Returns: the steps at which plans were made.
  @discardableResult
  private func run(
    _ trainer: Trainer, _ limits: Limits?, pace: @escaping (Int) -> Double,
    observer: Trainer.Observer = { _ in .continue }
  ) throws -> [Int] {
    let hand = Hand()
    trainer.clock = RunningClock { hand.read() }
    hand.set(pace(trainer.progress.step + 1))
    var planned: [Int] = []
    try trainer.run(until: limits) { event in
      if case .stepped(let record) = event { hand.set(pace(record.step + 1)) }
      if case .planned(let step, _, _) = event { planned.append(step) }
      return try observer(event)
    }
    return planned
  }

  private func rates(_ trainer: Trainer) -> [Double] {
    trainer.game.players.map { $0.optimizer.learningRate / $0.settings.learningRate }
  }

  @Test func aRunThatJustMissesTheEndOfItsSchedulesIsAlmostAtRest() throws {
    try withFolder { folder in
      let fall = ["generator", "discriminator"].flatMap { ["\($0).schedule=linear", "\($0).schedule_steps=100"] }
      let trainer = try begin(folder, tinyRecipe(.mlp, ["steps=100"] + fall))
      for (steps, almost, fully) in [(90, false, false), (96, true, false), (100, true, true)] {
        try trainer.run(until: .steps(steps))
        #expect((trainer.isAlmostAtRest, trainer.isAtRest) == (almost, fully), "after \(steps) steps")
      }
    }
  }

  @Test func aMachineThatGetsFourTimesSlowerStillEndsTheFall() throws {
    try withFolder { folder in
      let trainer = try begin(folder)
      var rates: [[Double]] = []
      let planned = try run(trainer, Self.inTime, pace: Self.slowing) { event in
        if case .stepped = event { rates.append(self.rates(trainer)) }
        return .continue
      }
      // The second half has time for a quarter of its steps.
      #expect(abs(trainer.progress.step - 625) <= 1)
      #expect(!planned.isEmpty && planned.allSatisfy { $0 > 500 && $0 < 625 }, "\(planned)")
      let last = try #require(rates.last)
      let (cosine, linear) = last[0] < last[1] ? (last[1], last[0]) : (last[0], last[1])
      #expect(cosine - 0.05 < 0.01 && linear < 0.06, "\(last)")
      // Nothing jumps: no step changes a rate by more than a plan for the last fifty steps would.
      for (former, next) in zip(rates, rates.dropFirst()) {
        for (a, b) in zip(former, next) { #expect(b <= a && a - b < 0.02) }
      }
      let log = String(decoding: try Data(contentsOf: URL(fileURLWithPath: trainer.run.log)), as: UTF8.self)
      #expect(log.contains(#"{"event":"plan","step":\#(planned[0]),"steps":"#) && log.contains("a step takes "))
    }
  }

  @Test func aSteadyMachineLeavesNoTrace() throws {
    try withFolder { folder in
      let trainer = try begin(folder)
      let planned = try run(trainer, Self.inTime) {
        Self.usual * (1 + Double($0 * 7919 % 97 - 48) / 320)
      }
      #expect(planned.isEmpty && trainer.settings.plans == nil)
    }
  }

  /// A run without falling rates has nothing to plan, nor has one whose schedule was given other steps than the run.
  @Test(arguments: ["constant", "fixed", "no-minutes", "fewer-steps"]) func otherRunsMakeNoPlans(kind: String) throws {
    try withFolder { folder in
      var recipe = try recipe()
      for player in ["generator", "discriminator"] {
        if kind == "constant" { try recipe.set("\(player).schedule", "constant") }
        if kind == "fixed" { try recipe.set("\(player).schedule_steps", "300") }
      }
      var limits = kind == "no-minutes" ? Limits.steps(Self.steps) : Self.inTime
      if kind == "fewer-steps" { limits.steps = 600 }
      #expect(try run(try begin(folder, recipe), limits, pace: Self.slowing).isEmpty)
    }
  }

  @Test(arguments: [300, 550, 600]) func aResumedRunMakesTheSamePlans(stop: Int) throws {
    try withFolder { folder in
      let whole = try begin(folder)
      try run(whole, Self.inTime, pace: Self.slowing)
      try withFolder { other in
        let stopped = try begin(other)
        try run(stopped, Self.inTime, pace: Self.slowing) { event in
          guard case .stepped(let record) = event, record.step == stop else { return .continue }
          return .stop(.stoppedByObserver)
        }
        #expect(stopped.progress.step == stop)
        let run = stopped.run
        // The folder is locked by the trainer that lives.
        try withExtendedLifetime(stopped) {
          try FileManager.default.copyItem(atPath: run.path, toPath: other + "/copy")
        }
        let resumed = try Trainer(resuming: .open(other + "/copy"), data: try tinyPictures(in: other)) {
          Issue.record("passed over: \($0)")
        }
        try self.run(resumed, nil, pace: Self.slowing)
        #expect(resumed.progress == whole.progress)
        #expect(resumed.settings.plans == whole.settings.plans && whole.settings.plans?.isEmpty == false)
        expectEqual(resumed.game.bits, whole.game.bits)
        #expect(try RunRecord(contentsOf: resumed.run.recipe).run.plans == whole.settings.plans)
      }
    }
  }

  /// A run that was killed after it made a plan goes back to its checkpoint, and plans anew from there.
  @Test func plansAfterTheCheckpointAreForgotten() throws {
    struct Killed: Error {}
    try withFolder { folder in
      let trainer = try begin(folder)
      #expect(throws: Killed.self) {
        try run(trainer, Self.inTime, pace: Self.slowing) { event in
          if case .planned = event { throw Killed() }
          return .continue
        }
      }
      #expect(try RunRecord(contentsOf: trainer.run.recipe).run.plans?.count == 1)
      try FileManager.default.copyItem(atPath: trainer.run.path, toPath: folder + "/copy")
      let resumed = try Trainer(resuming: .open(folder + "/copy"), data: try tinyPictures(in: folder)) { _ in }
      #expect(resumed.progress.step == 500)
      #expect(try run(resumed, nil) { _ in Self.usual }.isEmpty)
      #expect(abs(resumed.progress.step - Self.steps) <= 1)
    }
  }

  /// What recipe.json says leads to the same weights at each step, whatever the clock says.
  @Test(arguments: [nil, 550]) func aReplayFollowsThePlans(stop: Int?) throws {
    try withFolder { folder in
      let first = try begin(folder)
      try run(first, Self.inTime, pace: Self.slowing)
      let record = try RunRecord(contentsOf: first.run.recipe)
      #expect(record.run.plans?.isEmpty == false)
      let (path, data) = (folder + "/again", try tinyPictures(in: folder))
      let limits = Limits(steps: first.progress.step, minutes: 1000)
      func again() throws -> Trainer {
        try Trainer(record.makeRecipe(AdversarialRecipe.self), data: data, run: .create(path), settings: record.run)
      }
      var trainer = try again()
      let planned = try run(trainer, stop.map { Limits(steps: $0, minutes: 1000) } ?? limits) { _ in Self.usual / 8 }
      #expect(planned.isEmpty)
      if stop != nil {
        try FileManager.default.copyItem(atPath: path, toPath: folder + "/copy")
        trainer = try Trainer(resuming: .open(folder + "/copy"), data: data) { _ in }
        #expect(try run(trainer, limits) { _ in Self.usual / 8 }.isEmpty)
      }
      #expect(trainer.settings.plans == first.settings.plans)
      expectEqual(trainer.game.bits, first.game.bits)
    }
  }

  /// After a rollback the plans that were made stay, and none is made until the run is past the step that broke down: a replay
  /// breaks down there too, and has to find the same rates.
  @Test func aRollbackKeepsThePlans() throws {
    try withFolder { folder in
      let trainer = try begin(folder, checkpointEvery: 50)
      var (isBroken, steps): (Bool, [Int]) = (false, [])
      let planned = try run(trainer, Self.inTime, pace: { Self.slowing($0) }) { event in
        guard case .stepped(let record) = event else { return .continue }
        steps.append(record.step)
        if record.step == 580, !isBroken {
          isBroken = true
          withoutGradient { trainer.adversarial.generator.state.parameters[0].fill(.nan) }
        }
        return .continue
      }
      #expect(steps.filter { $0 == 570 }.count == 2)
      #expect(try #require(planned.first) < 580)
      #expect(Set(planned).count == planned.count && !planned.contains(580), "\(planned)")
      #expect(trainer.settings.plans?.map(\.step) == planned)
    }
  }

  @Test(arguments: [
    (#"[{"step": 5}]"#, "'run.plans' needs a list of objects with the whole numbers 'step' and 'steps'"),
    (#"{"step": 5, "steps": 9}"#, "'run.plans' needs a list"),
    (#"[{"step": -5, "steps": 9}]"#, "'run.plans' needs a list"),
    (#"[{"step": 5, "steps": 5}]"#, "plans needs plans in the order of their 'step'"),
    (#"[{"step": 5, "steps": 9}, {"step": 5, "steps": 7}]"#, "got step 5 with steps 7 after step 5"),
  ])
  func plansThatCannotBeAreNamed(plans: String, words: String) throws {
    try withFolder { folder in
      let trainer = try begin(folder)
      let path = trainer.run.recipe
      let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
      try Data(text.replacing("\"seed\" :", with: "\"plans\" : \(plans),\n\"seed\" :").utf8)
        .write(to: URL(fileURLWithPath: path))
      let said = try #require(sentence { _ = try RunRecord(contentsOf: path) })
      #expect(said.contains(words), "\(said)")
    }
  }
}
