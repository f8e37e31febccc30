import GAN
import Testing

/// The alarms on small games that are made to fail, and on ones that are not.
@Suite struct AlarmRunTests {
  /// Plays a game of small networks and returns the kinds of its alarms, in order, and how it ended.
  private func play(
    _ assignments: [String], on source: String? = nil, steps: Int, evaluations: Int = 0, stopOn: [AlarmKind] = []
  ) throws -> (alarms: [String], end: StopReason?) {
    var (kinds, reason): ([String], StopReason?) = ([], nil)
    try withFolder { folder in
      let options = LoadOptions(environment: ["HOME": folder])
      let data = try source.map { try DataSource($0).load(.train, options: options) } ?? tinyPictures(in: folder)
      let heldOut = try source.map { try DataSource($0).load(.test, options: options) }
      var settings = RunSettings(data: data.name, threads: 1)
      (settings.judging.every, settings.judging.count, settings.judging.stopOn) = (evaluations, 500, stopOn)
      if evaluations > 0 { settings.judging.metrics = [.slicedWasserstein] }
      let trainer = try Trainer(
        try tinyRecipe(.mlp, assignments), data: data, heldOut: heldOut, run: try .create(folder + "/run"),
        settings: settings)
      reason = try trainer.run(until: .steps(steps)) { event in
        if case .alarmed(let alarm) = event { kinds.append(alarm.kind) }
        return .continue
      }.reason
    }
    return (kinds, reason)
  }

  @Test(arguments: ["non-saturating", "minimax", "hinge", "least-squares"])
  func aGameThatGoesWellRaisesNone(objective: String) throws {
    let (alarms, end) = try play(["objective=\(objective)"], steps: 400)
    #expect(alarms.isEmpty && end == .completed, "\(alarms)")
  }

  @Test func aStrongDiscriminatorWins() throws {
    let (alarms, _) = try play(["objective=minimax", "discriminator.learning_rate=0.05", "critic_steps=2"], steps: 400)
    #expect(alarms == ["discriminator-wins"])
  }

  @Test func stepsThatAreTooLargeDivergeAndStopTheRunWhereThatIsAsked() throws {
    let (alarms, end) = try play(
      [
        "objective=wasserstein", "weight_clip=1000000", "generator.optimizer=sgd", "discriminator.optimizer=sgd",
        "generator.learning_rate=0.5", "discriminator.learning_rate=0.5",
      ], steps: 400, evaluations: 1000, stopOn: [.divergence])
    #expect(alarms == ["divergence"])
    guard case .guardTripped(let why) = end else {
      Issue.record("ended: \(String(describing: end))")
      return
    }
    #expect(why.hasPrefix("divergence: "))
  }

  @Test func aDiscriminatorThatStandsStillLoses() throws {
    let (alarms, _) = try play(
      ["discriminator.learning_rate=1e-9", "generator.learning_rate=0.01"], on: "ring8", steps: 1000, evaluations: 250)
    #expect(alarms == ["discriminator-loses"])
  }
}
