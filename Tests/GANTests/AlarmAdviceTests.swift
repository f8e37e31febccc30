import GAN
import Testing

/// What alarms advise.
@Suite struct AlarmAdviceTests: MadeEvents {
  /// Whatever is advised can be typed, and makes another recipe that is valid.
  @Test(arguments: ObjectiveKind.allCases, NetworkKind.allCases)
  func adviceCanBeFollowed(objective: ObjectiveKind, network: NetworkKind) throws {
    var plain = AdversarialRecipe("r", purpose: "", network: network, steps: 1)
    plain.objective = objective
    if objective == .wasserstein && plain.norm != .spectral { plain.penalties.weightClip = 0.01 }
    try adviceCanBeFollowed(in: plain)
    // What some of the advice does not go with, where these objectives and networks have it at all.
    for changes in [
      ["label_smoothing=0.1"], ["r1=1", "weight_clip=0"], ["update=one-stage"], ["packing=2"],
      ["minibatch_deviation=true"],
      ["condition_generator=concatenation", "condition_discriminator=projection"], ["batch=6", "packing=3"],
    ] {
      var recipe = plain
      try recipe.set(all: changes)
      if sentence({ try recipe.validate() }) == nil { try adviceCanBeFollowed(in: recipe) }
    }
  }

  private func adviceCanBeFollowed(in recipe: AdversarialRecipe) throws {
    let wild = steps(1...600) + steps(601...650) { $0[.lossDiscriminator] = 1e9 }
    let lost = steps(1...300) {
      ($0[.scoreReal], $0[.scoreFake], $0[.gradientGenerator]) = (5, 0, $0.step <= 12 ? 1 : 0)
    }
    var same: [TrainingEvent] = []
    for number in 1...5 {
      same += steps(1...500) { ($0[.scoreReal], $0[.scoreFake]) = ($0.step <= 50 ? 1 : 0.5, 0.5) }
      same.append(
        evaluation(
          number * 500, ["fid": 300, "coverage": 0.05, "precision": 0.9, "memorisation": 0.9], floors: Self.floors))
    }
    var kinds: Set<String> = []
    for events in [wild, lost, same] {
      var alarms = Alarms(recipe.alarms)
      for record in events.flatMap({ alarms.observe($0) }) {
        kinds.insert(record.kind)
        for advice in record.advice.components(separatedBy: "; or ") {
          var changed = recipe
          for match in advice.matches(of: /--(set )?([a-z_0-9.]+)[ =]([^ ]+)/) {
            try changed.set(String(match.2), String(match.3))
          }
          try changed.validate()
          #expect(changed != recipe || !advice.contains("--"), "\(advice)")
        }
      }
    }
    #expect(kinds.count == 5, "\(kinds)")
  }
}
