import GAN
import Testing

@Suite struct AverageTests {
  private func game(_ assignments: [String]) throws -> AdversarialGame {
    try AdversarialGame(
      try tinyRecipe(.dcgan, assignments), shape: SampleShape(channels: 1, height: 12, width: 12), seed: 1)
  }

  private func value(_ module: any Module, _ name: String) throws -> Double {
    try #require(module.state[name]).detached().to(.float64).mean().item
  }

  @Test(arguments: [
    (0.75, "false", 5, 0.75), (0.75, "true", 50, 0.75), (0.999, "true", 0, 0.1), (0.999, "true", 9, 10.0 / 19),
  ])
  func weightsAndRunningStatisticsMoveByTheDecay(decay: Double, warmUp: String, step: Int, kept: Double) throws {
    let game = try game(["average_decay=\(decay)", "average_warm_up=\(warmUp)"])
    for (mean, present) in zip(game.average.state.entries, game.generator.state.entries) {
      withoutGradient {
        mean.tensor.fill(1)
        present.tensor.fill(3)
      }
    }
    // Without gradients the optimizer moves the average alone.
    game.g.optimizer.step(
      game.generator.state.parameters.map { _ in nil }, averaging: game.g.average?.weights(step: step))
    game.g.average?.moveStatistics(step: step)
    for name in ["project.weight", "norm0.weight", "norm0.running_mean", "norm0.running_var"] {
      #expect(abs(try value(game.average, name) - (kept + (1 - kept) * 3)) < 1e-6, "\(name)")
    }
    #expect(try value(game.average, "norm0.num_batches_tracked") == 3)
    #expect(try value(game.generator, "project.weight") == 3)
  }

  @Test func itStartsAsTheGeneratorAndTakesNoGradient() throws {
    let game = try game([])
    #expect(game.average !== game.generator)
    for (mean, present) in zip(game.average.state.entries, game.generator.state.entries) {
      #expect(mean.tensor.bits == present.tensor.bits)
      #expect(!mean.tensor.requiresGradient)
    }
  }

  @Test func withoutDecayItIsTheGeneratorItself() throws {
    let game = try game(["average_decay=0"])
    #expect(game.average === game.generator)
    let before = game.bits
    #expect(game.g.average == nil)
    expectEqual(game.bits, before)
    #expect(!game.tensors.contains { $0.name.hasPrefix("average.") })
  }

  /// Several averages are those of runs with one each, and the game otherwise the same.
  @Test func severalAveragesMoveByTheirOwnDecays() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      func bits(_ decay: Double, _ count: Int) throws -> [String: [UInt8]] {
        let recipe = try tinyRecipe(
          .dcgan, ["average_decay=\(decay)", "averages=\(count)", "average_warm_up=false"])
        let trainer = try Trainer(
          recipe, data: data, run: .create("\(folder)/\(decay)-\(count)"), settings: tinySettings(data))
        try trainer.run(until: .steps(3))
        return trainer.game.bits
      }
      let several = try bits(0.875, 3)
      for (name, decay) in [("average", 0.875), ("average2", 0.5), ("average3", 0.96875)] {
        let one = try bits(decay, 1)
        for (key, value) in one {
          let own = key.hasPrefix("average.") ? name + key.dropFirst("average".count) : key
          // The first average moves within Adam's pass, the others after it: rounded once more.
          if !key.hasPrefix("average.") || name == "average" { #expect(several[own] == value, "\(own)") }
        }
        let close = try tensors(several, name, like: one, in: folder, decay)
        #expect(close < 1e-6, "\(name) \(close)")
      }
    }
  }

  /// The greatest difference between an average of several and that of a run with one.
  private func tensors(
    _ several: [String: [UInt8]], _ name: String, like one: [String: [UInt8]], in folder: String, _ decay: Double
  )
    throws -> Double
  {
    func floats(_ bytes: [UInt8]) -> [Float] { bytes.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) } }
    return try one.filter { $0.key.hasPrefix("average.") && !$0.key.hasSuffix("num_batches_tracked") }
      .map { key, value in
        let own = floats(try #require(several[name + key.dropFirst("average".count)]))
        return Double(zip(own, floats(value)).map { abs($0 - $1) }.max() ?? 0)
      }.max() ?? .nan
  }

  /// At the end of a run the best average is shipped, and said; a run that goes on knows which.
  @Test func theBestIsShipped() throws {
    try withFolder { folder in
      let data = try DataSource("digits").load(.test, options: LoadOptions(environment: ["HOME": folder]))
      let recipe = try tinyRecipe(.dcgan, ["average_decay=0.9999", "averages=2", "average_warm_up=false"])
      var settings = tinySettings(data)
      (settings.judging.every, settings.judging.count, settings.judging.metrics) = (3, 300, [.slicedWasserstein])
      var (notes, evaluated): ([String], [Int]) = ([], [])
      let shipped = try { () -> [UInt8]? in
        let trainer = try Trainer(recipe, data: data, run: .create(folder + "/run"), settings: settings)
        let game = try #require(trainer.game as? AdversarialGame)
        // Saturated pictures are closer to digits than noise is.
        withoutGradient {
          for entry in game.g.averages[1].network.state.entries where entry.name == "norm0.weight" {
            entry.tensor.fill(0)
          }
          for entry in game.g.averages[1].network.state.entries where entry.name == "norm1.bias" {
            entry.tensor.fill(1e4)
          }
        }
        try trainer.run(until: .steps(3)) { event in
          if case .noted(_, let message) = event { notes.append(message) }
          if case .evaluated(let record) = event { evaluated.append(record.step) }
          return .continue
        }
        #expect(game.product === game.g.averages[1].network)
        return game.g.averages[1].network.state["project.weight"]?.bits
      }()
      #expect(notes.contains { $0.hasSuffix("; the average over 2500 steps is shipped") }, "\(notes)")
      // The evaluation of the last step was of the first average, so there is another one.
      #expect(evaluated == [3, 3])
      let file = try ModelFile.read(folder + "/run/generator.safetensors", .standard)
      #expect(file.state["project.weight"]?.bits == shipped)
      let next = try Trainer(resuming: .open(folder + "/run"), data: data) { Issue.record("passed over: \($0)") }
      let resumed = try #require(next.game as? AdversarialGame)
      #expect(resumed.product === resumed.g.averages[1].network)
    }
  }

  /// Which is the shipped one stands in the checkpoint, and a run that begins with this one's weights takes it.
  @Test func aRunBeginsWithTheAverageThatWasShipped() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let weights = try { () -> [UInt8]? in
        let trainer = try Trainer(
          tinyRecipe(.dcgan, ["averages=3", "average_decay=0.9"]), data: data, run: .create(folder + "/run"),
          settings: tinySettings(data))
        let game = try #require(trainer.game as? AdversarialGame)
        game.candidates[2].choose()
        try trainer.run(until: .steps(2))
        return game.g.averages[2].network.state["project.weight"]?.bits
      }()
      var recipe = try tinyRecipe(.dcgan)
      try recipe.begin(with: folder + "/run")
      let next = try #require(try recipe.makeGame(for: data, seed: 9) as? AdversarialGame)
      #expect(next.average.state["project.weight"]?.bits == weights)
    }
  }

  @Test func horizonsOfLessThanAStepAreRefused() throws {
    let error = #expect(throws: TrainingError.self) { try self.game(["average_decay=0.5", "averages=5"]) }
    #expect(error?.description.contains("horizons of less than a step") == true)
  }

  @Test func horizonsAreFourTimesApart() throws {
    let game = try game(["average_decay=0.99", "averages=5"])
    #expect(
      game.candidates.map(\.name) == [100, 25, 400, 6, 1600].map { "the average over \($0) steps" })
    #expect(try self.game([]).candidates.isEmpty)
  }
}
