import Foundation
import GAN
import Testing

/// The alarms on sequences of events made by hand: each raised by what it watches for, once, and silent otherwise.
@Suite struct AlarmTests: MadeEvents {
  /// The alarms that the events raise, by kind and step. After each event the state goes through JSON, as a checkpoint
  /// keeps it.
  private func alarms(_ events: [TrainingEvent], _ recipe: AdversarialRecipe = .mlp) throws -> [String] {
    var alarms = Alarms(recipe.alarms)
    let decoder = JSONDecoder()
    decoder.userInfo[Alarms.key] = recipe.alarms
    return try events.enumerated().flatMap { index, event in
      if index % 50 == 0 { alarms = try decoder.decode(Alarms.self, from: JSONEncoder().encode(alarms)) }
      return alarms.observe(event).map { "\($0.kind) \($0.step)" }
    }
  }

  private func healthy(_ evaluationNumber: Int) -> TrainingEvent {
    let number = Double(evaluationNumber)
    return evaluation(
      evaluationNumber * 500,
      [
        "fid": 200 / number + 5 * (number.truncatingRemainder(dividingBy: 2)), "precision": 0.8 - 0.6 / number,
        "recall": 0.6 - 0.5 / number, "coverage": 0.8 - 0.7 / number, "class-kl": 2 / number,
        "diversity": 0.7 - 0.4 / number, "memorisation": 0.01,
      ], floors: Self.floors)
  }

  @Test func aHealthyRunRaisesNone() throws {
    var events: [TrainingEvent] = []
    for number in 1...12 {
      events += steps(number * 500 - 499...number * 500)
      events.append(healthy(number))
    }
    #expect(try alarms(events).isEmpty)
  }

  @Test func lossesThatExplodeAreADivergence() throws {
    let calm = steps(1...600)
    let wild = (601...900).map { number in step(number) { $0[.lossGenerator] = 5000 * Double(number) } }
    #expect(try alarms(calm + wild) == ["divergence 650"], "once, although it lasts")
    let calmAgain = steps(901...1000)
    let wildAgain = (1001...1100).map { number in step(number) { $0[.lossDiscriminator] = -1e9 } }
    #expect(try alarms(calm + wild + calmAgain + wildAgain) == ["divergence 650", "divergence 1050"])
  }

  @Test func aGradientThatExplodesIsADivergence() throws {
    let calm = steps(1...600)
    let wild = steps(601...650) { $0[.gradientGenerator] = 4000 }
    #expect(try alarms(calm + wild) == ["divergence 650"])
  }

  @Test func lossesThatAreBeyondAllMeasureFromTheBeginningAreADivergence() throws {
    #expect(try alarms(steps(1...300) { $0[.lossDiscriminator] = 1e31 }) == ["divergence 50"])
  }

  @Test func aRollbackIsADivergenceOnce() throws {
    let rollbacks = (1...3).map {
      TrainingEvent.rolledBack(from: 70, to: 0, attempt: $0, reason: "the loss is not finite")
    }
    #expect(try alarms(rollbacks) == ["divergence 70"])
  }

  @Test func oneOddStepIsNoDivergence() throws {
    let events = (1...1000).map { number in
      step(number) { if number % 40 == 0 { ($0[.lossGenerator], $0[.gradientGenerator]) = (1e6, 1e6) } }
    }
    #expect(try alarms(events).isEmpty)
  }

  @Test func aCriticsDriftIsNoDivergence() throws {
    var recipe = AdversarialRecipe.mlp
    (recipe.objective, recipe.penalties.weightClip) = (.wasserstein, 0.01)
    let events = (1...2000).map { number in
      step(number) {
        $0[.lossGenerator] = number > 1000 ? 5000 : 0.1
        ($0[.lossDiscriminator], $0[.scoreReal], $0[.scoreFake]) = (-2, 3, 1)
      }
    }
    #expect(try alarms(events, recipe).isEmpty)
  }

  @Test func aDistanceThatGivesBackItsGainIsADivergence() throws {
    let gains = [200.0, 80, 20, 8, 6].enumerated().map { evaluation(($0 + 1) * 500, ["fid": $1], floors: Self.floors) }
    let worse = (6...9).map { evaluation($0 * 500, ["fid": 150], floors: Self.floors) }
    #expect(try alarms(gains + worse) == ["divergence 4000"])
    // Twice the best is the noise of a game.
    let noisy = (6...12).map { evaluation($0 * 500, ["fid": 12], floors: Self.floors) }
    #expect(try alarms(gains + noisy).isEmpty)
  }

  @Test(arguments: ["coverage", "recall", "diversity", "modes"]) func varietyThatFallsAwayIsACollapse(name: String)
    throws
  {
    let unit = name == "modes" ? 8.0 : 1
    let rising = (1...4).map { evaluation($0 * 500, [name: 0.2 * Double($0) * unit]) }
    let fallen = (5...9).map { evaluation($0 * 500, [name: 0.1 * unit]) }
    #expect(try alarms(rising + fallen) == ["collapse 3500"])
    #expect(try alarms(rising + (5...9).map { evaluation($0 * 500, [name: 0.5 * unit]) }).isEmpty)
    // Two bad evaluations may be chance.
    let twice = [0.1, 0.1, 0.7, 0.1, 0.1, 0.7].enumerated().map { evaluation(2500 + $0 * 500, [name: $1 * unit]) }
    #expect(try alarms(rising + twice).isEmpty)
  }

  @Test func fewGoodSamplesAreACollapseAndABeginnersAreNot() throws {
    func run(precision: Double) -> [TrainingEvent] {
      (1...5).map {
        evaluation($0 * 500, ["precision": precision, "coverage": 0.05, "class-kl": 2], floors: Self.floors)
      }
    }
    #expect(try alarms(run(precision: 0.9)) == ["collapse 1500"])
    #expect(try alarms(run(precision: 0.1)).isEmpty)
  }

  /// What `mlp` on digits went through with one latent number, and with a hundred.
  @Test func aBeginnerWhoseSamplesAreInAFewPlacesCollapses() throws {
    func events(_ rows: [(precision: Double, coverage: Double)]) -> [TrainingEvent] {
      rows.enumerated().map {
        evaluation(150 * ($0 + 1), ["precision": $1.precision, "coverage": $1.coverage], floors: Self.floors)
      }
    }
    let one = events([(0, 0.0001), (0.0536, 0.0002), (0.116, 0.0004), (0.159, 0.0007)])
    #expect(try alarms(one) == ["collapse 600"])
    let hundred = events([(0.0001, 0.0001), (0.0167, 0.004), (0.0902, 0.0229), (0.174, 0.0409), (0.22, 0.0608)])
    #expect(try alarms(hundred).isEmpty)
  }

  /// What two runs of `mlp` on ring8 went through (base_width=64; 100 latents and hinge, then 2 latents and a faster D).
  @Test func aRecordedCollapseIsSeenAndARecordedSuccessIsNone() throws {
    func events(_ rows: [(swd: Double, modes: Double, quality: Double, coverage: Double)]) -> [TrainingEvent] {
      rows.enumerated().map { index, row in
        evaluation(
          1000 * (index + 1),
          ["swd": row.swd, "modes": row.modes, "quality": row.quality, "coverage": row.coverage],
          floors: ["swd": 0.062, "modes": 8, "quality": 0.989, "coverage": 0.967])
      }
    }
    let collapsed = events([
      (0.166, 8, 0.003, 0.015), (0.2, 7, 0.0031, 0.0179), (0.249, 4, 0.0019, 0.01), (0.269, 2, 0.011, 0.0386),
      (0.302, 2, 0.0265, 0.0748), (0.744, 1, 0.127, 0.0915), (0.785, 1, 0.352, 0.0727), (0.799, 1, 0.682, 0.0652),
    ])
    #expect(try alarms(collapsed) == ["collapse 6000"])
    let well = events([
      (0.114, 8, 0.0558, 0.169), (0.097, 8, 0.461, 0.574), (0.0949, 8, 0.62, 0.68), (0.0937, 8, 0.688, 0.703),
      (0.0947, 8, 0.727, 0.727), (0.0945, 8, 0.753, 0.722), (0.0938, 8, 0.779, 0.713), (0.0928, 8, 0.802, 0.722),
    ])
    #expect(try alarms(well).isEmpty)
  }

  @Test func aSureDiscriminatorAndNoGradientAreItsVictory() throws {
    func run(gap: Double, gradient: Double) -> [TrainingEvent] {
      (1...2000).map { number in
        step(number) {
          guard number > 300 else { return }
          ($0[.scoreReal], $0[.scoreFake], $0[.gradientGenerator]) = (0.5 + gap / 2, 0.5 - gap / 2, gradient)
        }
      }
    }
    #expect(try alarms(run(gap: 0.99, gradient: 0.001)) == ["discriminator-wins 500"])
    // A sure D still teaches, and a small gradient at the game's end is no defeat.
    #expect(try alarms(run(gap: 0.99, gradient: 0.5)).isEmpty)
    #expect(try alarms(run(gap: 0.1, gradient: 0.001)).isEmpty)
  }

  @Test(arguments: [
    (ObjectiveKind.leastSquares, 0.8, 0.95), (.hinge, 1.6, 1.9), (.relativisticPairing, 1, 4),
    (.relativisticAverage, 1, 4),
  ])
  func howSureADiscriminatorIsDependsOnTheObjective(objective: ObjectiveKind, unsure: Double, sure: Double) throws {
    var recipe = AdversarialRecipe("r", purpose: "", network: .mlp, steps: 1)
    recipe.objective = objective
    func raised(_ gap: Double) -> [String] {
      var alarms = Alarms(recipe.alarms)
      let events = steps(1...800) {
        guard $0.step > 300 else { return }
        ($0[.scoreReal], $0[.scoreFake], $0[.gradientGenerator]) = (gap, 0, 0.001)
      }
      return events.flatMap { alarms.observe($0) }.map(\.kind)
    }
    #expect(raised(unsure).isEmpty, "at balance G's gradient falls as well")
    #expect(raised(sure) == ["discriminator-wins"])
  }

  @Test func aVictoryWithinTheFirstBlockIsSeen() throws {
    let events = (1...300).map { number in
      step(number) {
        ($0[.scoreReal], $0[.scoreFake]) = (0.999, 0.001)
        $0[.gradientGenerator] = number <= 12 ? 1 : 0.0001
      }
    }
    #expect(try alarms(events) == ["discriminator-wins 200"])
  }

  @Test func aVictoryFromTheFirstStepOnIsSeen() throws {
    let events = steps(1...300) { ($0[.scoreReal], $0[.scoreFake], $0[.gradientGenerator]) = (1, 1e-18, 1e-16) }
    #expect(try alarms(events) == ["discriminator-wins 200"])
  }

  @Test func aDiscriminatorThatCannotTellWhatAnEvaluationCanLoses() throws {
    func run(gap: Double, fid: (Int) -> Double) -> [TrainingEvent] {
      var events: [TrainingEvent] = []
      for number in 1...6 {
        events += steps(number * 500 - 499...number * 500) { ($0[.scoreReal], $0[.scoreFake]) = (0.5 + gap, 0.5) }
        events.append(evaluation(number * 500, ["fid": fid(number)], floors: Self.floors))
      }
      return events
    }
    #expect(try alarms(run(gap: 0.001) { _ in 300 }) == ["discriminator-loses 1500"])
    #expect(try alarms(run(gap: 0.3) { _ in 300 }).isEmpty)
    #expect(try alarms(run(gap: 0.001) { _ in 2 }).isEmpty, "samples like data cannot be told from them")
    #expect(try alarms(run(gap: 0.001) { 300 / Double($0 * $0) }).isEmpty, "training comes on")
    #expect(try alarms(run(gap: 0.001) { $0 < 3 ? 300 : 300 * pow(0.94, Double($0)) }).isEmpty, "still, if slowly")
  }

  @Test func copiesAreMemorisation() throws {
    func run(_ value: Double, precision: Double = 0.8) -> [TrainingEvent] {
      (1...4).map { evaluation($0 * 500, ["memorisation": value, "precision": precision]) }
    }
    #expect(try alarms(run(0.6)) == ["memorisation 1000"])
    #expect(try alarms(run(1, precision: 0.01)).isEmpty, "what looks like no picture is no copy")
    #expect(try alarms(run(0.2)).isEmpty)
    #expect(try alarms(run(.nan)).isEmpty)
  }

  @Test func aListOfAlarmsIsReadOrRefusedWithTheNearestName() throws {
    #expect(
      try AlarmKind.list("collapse, discriminator-wins", among: AlarmKind.all) == [.collapse, .discriminatorWins])
    for (text, words) in [
      ("colapse", "did you mean 'collapse'?"), ("", "there is no alarm ''"), ("collapse,collapse", "listed twice"),
    ] {
      #expect(sentence { _ = try AlarmKind.list(text, among: AlarmKind.all) }?.contains(words) == true, "\(text)")
    }
  }
}
