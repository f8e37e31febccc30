import Foundation
import Testing

/// Runs that are judged by the pixels of tiny pictures: what ends them, and what they leave.
@Suite(.serialized) struct JudgedRunTests {
  /// Settings under which the generator never moves, so that no evaluation is better than the first.
  private static let frozen = ["--set", "generator.learning_rate=1e-30", "--set", "average_decay=0"]

  private func train(_ place: Workplace, _ arguments: [String]) throws -> GanProcess.Outcome {
    try GanProcess(["train", "mlp", "--out", "run"] + Workplace.small + arguments, in: place.path).end()
  }

  private func reason(_ place: Workplace) throws -> String {
    try #require(try place.log().last?["reason"] as? String)
  }

  @Test func aRunEndsAtTheFirstEvaluationThatReachesItsGoal() throws {
    let place = try Workplace()
    let outcome = try train(place, ["--steps", "50", "--eval-every", "4", "--until", "fid<1e9 and precision>=0"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try reason(place).contains("fid<1000000000 and precision>=0 at step 4"))
    #expect(try place.steps("evaluation") == [4])
    #expect(place.has("run/best.safetensors"))
    // It is done: resuming finds nothing more to do.
    let resumed = try place.gan("resume", "run")
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(try place.steps("step").last == 4)
    #expect(try place.steps("evaluation") == [4])
  }

  @Test func everyEvaluationSaysWhatItRestsOn() throws {
    let place = try Workplace()
    #expect(try train(place, ["--steps", "4", "--eval-every", "4"]).status == 0)
    let line = try #require(try place.log().first { $0["event"] as? String == "evaluation" })
    #expect(line["is_best"] as? Bool == true)
    #expect((line["cost_seconds"] as? Double ?? 0) > 0)
    let metrics = try #require(line["metrics"] as? [[String: Any]])
    #expect(
      metrics.map { $0["metric"] as? String } == ["fid", "precision", "recall", "density", "coverage", "diversity"])
    for metric in metrics {
      let value = metric["metric"] as? String
      #expect(metric["value"] is Double && metric["deviation"] is Double, "\(String(describing: value))")
      #expect(metric["data"] as? String == "pictures.npy" && metric["split"] as? String == "train")
      #expect(metric["extractor"] as? String == "pixels" && (metric["fingerprint"] as? String)?.count == 64)
      #expect(metric["precision"] as? String == "float32" && metric["resize"] as? String == "none")
      #expect(metric["seed"] as? Int == 1 && metric["swift_gan"] is String)
    }
    #expect(metrics[0]["n_real"] as? Int == 40 && metrics[0]["n_fake"] as? Int == 10_000)
  }

  /// A grey test split beside a coloured training split, and the other way round, is held-out data in `train` and in `resume`.
  @Test(arguments: [(3, 1), (1, 3)]) func aTestSplitOfOtherChannelsIsHeldOut(train: Int, test: Int) throws {
    let place = try Workplace()
    for (split, channels) in [("train", train), ("test", test)] {
      try FileManager.default.createDirectory(atPath: "\(place.path)/set/\(split)", withIntermediateDirectories: true)
      try place.writePictures(channels: channels, to: "x.npy")
      for count in 1...8 {
        let made = try place.gan("data", "x.npy", "--count", "\(count)", "--preview", "set/\(split)/\(count).png")
        #expect(made.status == 0, "\(made.error)")
      }
    }
    let arguments =
      ["train", "mlp", "--data", "set", "--size", "12x12", "--batch", "8", "--threads", "1", "--set", "base_width=4"]
      + ["--set", "latent_size=8", "--steps", "2", "--eval-every", "2", "--out", "run"]
    let trained = try GanProcess(arguments, in: place.path).end()
    #expect(trained.status == 0 && !trained.error.contains("warning"), "\(trained.error)")
    #expect(try place.gan("resume", "run", "--steps", "4").status == 0)
    let judged = try place.log().filter { $0["event"] as? String == "evaluation" }
    #expect(judged.count == 2)
    for line in judged {
      let metrics = try #require(line["metrics"] as? [[String: Any]])
      #expect(metrics.contains { $0["metric"] as? String == "memorisation" && $0["n_real"] as? Int == 16 })
    }
  }

  @Test func patienceEndsARunThatDoesNotImprove() throws {
    let place = try Workplace()
    let goal = ["--steps", "50", "--eval-every", "2", "--until", "fid<1e-9", "--patience", "2"]
    let outcome = try train(place, goal + Self.frozen)
    #expect(outcome.status == 3, "\(outcome.error)")
    #expect(try place.steps("evaluation") == [2, 4, 6])
    #expect(try reason(place).contains("no better value in 2 evaluations"))
    #expect(try place.log().filter { $0["is_best"] as? Bool == true }.count == 1)
  }

  @Test func patienceWithoutAGoalIsDoneWhenNothingImproves() throws {
    let place = try Workplace()
    let outcome = try train(place, ["--steps", "50", "--eval-every", "2", "--patience", "1"] + Self.frozen)
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try place.steps("evaluation") == [2, 4])
  }

  @Test func aGoalThatStepsDoNotReachIsUnmet() throws {
    let place = try Workplace()
    let outcome = try train(place, ["--steps", "3", "--eval-every", "100", "--until", "fid<1e-9"])
    #expect(outcome.status == 3, "\(outcome.error)")
    #expect(try reason(place).contains("fid<1e-09 was not reached within 3 steps"))
    #expect(try place.steps("evaluation") == [3])
  }

  /// Whatever ends a run, its goal is measured before it is called unmet, however short the run is.
  @Test(arguments: [
    ["--steps", "3"], ["--images", "20"], ["--minutes", "0.002"], ["--steps", "3", "--patience", "9"],
  ])
  func aGoalIsMeasuredAtTheEnd(limits: [String]) throws {
    let place = try Workplace()
    let outcome = try train(place, limits + ["--until", "fid<1e9"])
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try place.steps("evaluation") == place.steps("end"))
    #expect(try reason(place).contains("goal reached: fid<1000000000"))
  }

  /// A goal that asks for another metric than was measured is measured, though the step was judged.
  @Test func anotherGoalIsMeasuredAfterTheRun() throws {
    let place = try Workplace()
    #expect(try train(place, ["--steps", "2", "--until", "fid<1e-9"]).status == 3)
    let met = try place.gan("resume", "run", "--steps", "2", "--until", "swd<1e9")
    #expect(met.status == 0, "\(met.error)")
    #expect(try place.steps("evaluation") == [2, 2])
  }

  /// What a goal asks for is measured, and its first metric decides, whatever else is.
  @Test func theGoalsMetricsAreTaken() throws {
    let place = try Workplace()
    let goal = ["--until", "kid<-1e9 and swd<1", "--metrics", "recall"]
    #expect(try train(place, ["--steps", "2", "--eval-every", "2"] + goal).status == 3)
    let line = try #require(try place.log().first { $0["event"] as? String == "evaluation" })
    #expect((line["metrics"] as? [[String: Any]])?.map { $0["metric"] as? String } == ["kid", "swd", "recall"])
  }

  /// The history is in the checkpoint: patience counts on.
  @Test func aRunThatIsInterruptedRemembersItsEvaluations() throws {
    let place = try Workplace()
    let goal = ["--until", "fid<1e-9", "--patience", "3"]
    #expect(try train(place, ["--steps", "4", "--eval-every", "2"] + goal + Self.frozen).status == 3)
    // The goal stays, and patience for it begins anew with more steps.
    let outcome = try place.gan("resume", "run", "--steps", "50")
    #expect(outcome.status == 3, "\(outcome.error)")
    #expect(try place.steps("evaluation") == [2, 4, 6, 8, 10])
    #expect(try place.log().filter { $0["is_best"] as? Bool == true }.count == 1)
  }

  @Test func aRunThatNobodyAskedToJudgeAndIsShortIsNotJudged() throws {
    let place = try Workplace()
    #expect(try train(place, ["--steps", "3"]).status == 0)
    #expect(try place.steps("evaluation") == [])
    #expect(!place.has("run/best.safetensors"))
  }

  @Test(arguments: [
    (["--until", "fib<3"], 2, "did you mean 'fid'?"), (["--until", "fid>3"], 2, "write fid<3"),
    (["--patience", "0"], 2, "--patience must be at least 1"), (["--eval-every", "-1"], 2, "--eval-every"),
    (["--stop-on", "colapse"], 2, "did you mean 'collapse'?"), (["--metrics", "fid,fid"], 2, "listed twice"),
    (["--extractor", "pixel"], 2, "did you mean 'pixels'?"),
    (["--extractor", "inception:none.safetensors"], 1, "none.safetensors"),
    (["--metrics", "modes"], 1, "modes needs stacked digits"),
    (["--until", "recall>0.5 and quality>0.9"], 1, "quality needs"),
    (["--eval-every", "0", "--until", "fid<3"], 2, "judging.every is 0"),
  ])
  func whatCannotBeIsSaidBeforeTheFirstStep(arguments: [String], status: Int32, words: String) throws {
    let place = try Workplace()
    let outcome = try train(place, ["--steps", "3"] + arguments)
    #expect(outcome.status == status && outcome.error.contains(words), "\(outcome.status) \(outcome.error)")
    #expect(!place.has("run"), "what could not begin leaves nothing")
  }
}
