import Foundation
import Testing

@Suite(.serialized) struct TrainCommandTests {
  @Test func aRunLeavesItsFiles() throws {
    let place = try Workplace()
    let outcome = try place.train("--steps", "12")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.output.isEmpty)
    #expect(outcome.error.contains("completed: 12 steps, 96 samples"))
    #expect(outcome.error.contains("gan resume run --steps"))
    for name in ["recipe.json", "log.jsonl", "samples.png", "generator.safetensors", "report.html"] {
      #expect(place.has("run/" + name), "\(name)")
    }
    #expect(
      try place.names(in: "run/samples").map { $0.prefix(14) } == [
        "step-000000001", "step-000000010", "step-000000012",
      ])
    #expect(
      try place.names(in: "run/checkpoints") == ["step-000000000.safetensors", "step-000000012.safetensors"])
    #expect(try place.steps("step") == Array(1...12))
  }

  @Test func jsonIsAllThereIsOnStandardOutput() throws {
    let place = try Workplace()
    let outcome = try place.train("--steps", "3", "--json")
    #expect(outcome.status == 0)
    #expect(outcome.error.isEmpty, "\(outcome.error)")
    let events = try place.lines(Data(outcome.output.utf8)).compactMap { $0["event"] as? String }
    #expect(events.first == "start" && events.last == "end")
    #expect(events.filter { $0 == "step" }.count == 3)
  }

  @Test func quietSaysOnlyWhereTheGeneratorIs() throws {
    let outcome = try Workplace().train("--steps", "2", "--quiet")
    #expect(outcome.output.isEmpty)
    #expect(outcome.error == "generator  run/generator.safetensors\n")
  }

  @Test(arguments: [
    (["--images", "20"], 3), (["--steps", "9", "--images", "20"], 3), (["--steps", "2", "--images", "20"], 2),
  ])
  func theFirstLimitEndsTheRun(limits: [String], step: Int) throws {
    let place = try Workplace()
    let process = try GanProcess(["train", "mlp", "--out", "run"] + Workplace.small + limits, in: place.path)
    #expect(try process.end().status == 0)
    #expect(try place.steps("end") == [step])
  }

  @Test func minutesAreTotalsOfTheRun() throws {
    let place = try Workplace()
    #expect(try place.train("--minutes", "0.005").status == 0)
    let step = try #require(try place.steps("end").last)
    #expect(step > 0)
    #expect(try place.gan("resume", "run", "--minutes", "0.005").status == 0)
    #expect(try place.steps("end").last == step)
  }

  @Test func aBreakdownEndsWithStatus3AndItsReason() throws {
    let place = try Workplace()
    let outcome = try place.train(
      "--quiet", "--set", "generator.learning_rate=1e38", "--set", "generator.optimizer=sgd")
    #expect(outcome.status == 3)
    #expect(outcome.error.contains("stopped by a guard:"))
    #expect(outcome.error.contains("after 3 attempts"))
    #expect(try place.steps("rollback").count == 3)
    #expect(place.has("run/generator.safetensors") && place.has("run/report.html"))
    #expect(try place.gan("sample", "run", "--count", "2").status == 0)
  }

  /// A file-size limit stands for a full disk: checkpoints no longer fit, the log and the generator do.
  @Test func aFullDiskKeepsTheOldCheckpointAndTheRunGoesOn() throws {
    let place = try Workplace()
    #expect(try place.train("--steps", "4", "--checkpoint-every", "2").status == 0)
    let checkpoint = try place.data("run/checkpoints/step-000000004.safetensors")
    let generator = try place.data("run/generator.safetensors")
    let outcome = try place.gan("resume", "run", "--steps", "8", shell: "trap '' XFSZ; ulimit -f 20")
    #expect(outcome.status == 3, "\(outcome.error)")
    #expect(outcome.error.contains("warning at step 6") && outcome.error.contains("the run goes on"))
    #expect(outcome.error.contains("could not be saved"))
    #expect(try place.steps("step") == Array(1...8))
    #expect(try place.data("run/checkpoints/step-000000004.safetensors") == checkpoint)
    // The generator is small enough for what is left.
    #expect(try place.data("run/generator.safetensors") != generator)
    #expect(outcome.error.contains("the newest checkpoint is that of step 4"))
    #expect(try place.gan("sample", "run", "--count", "2", "--out", "s.npy").status == 0)
    #expect(try place.names(in: "run/checkpoints").allSatisfy { $0.hasPrefix("step-00000000") })
    let resumed = try place.gan("resume", "run", "--steps", "8")
    #expect(resumed.status == 0 && resumed.error.contains("resuming after step 4"))
    #expect(try place.steps("step") == Array(1...8))
  }

  /// The status and the last lines are true: nothing is listed that is not there.
  @Test func aRunWhoseFolderWasMovedAwayEndsWithATrueSentence() throws {
    let place = try Workplace()
    let process = try place.startTraining("--steps", "1000000", "--checkpoint-every", "5")
    try process.wait { place.has("run/generator.safetensors") }
    try FileManager.default.moveItem(atPath: place.path + "/run", toPath: place.path + "/moved")
    // A run that ends at the step it has just saved has lost nothing: others follow.
    Thread.sleep(forTimeInterval: 0.5)
    process.send(SIGINT)
    let outcome = try process.end()
    #expect(outcome.status == 3, "\(outcome.error)")
    #expect(outcome.error.contains("could not be saved: run: the run folder is gone"), "\(outcome.error)")
    for name in ["pictures   ", "report     ", "generator  ", "Next:"] { #expect(!outcome.error.contains("\n" + name)) }
    let resumed = try place.gan("resume", "moved", "--steps", "3")
    #expect(resumed.status == 0 && resumed.error.contains("run folder moved, resuming after step"), "\(resumed.error)")
  }

  /// A limit that the run has already passed is no reason to train, and the command says so; the command it suggests works.
  @Test func aLimitThatWasAlreadyReachedIsSaid() throws {
    let place = try Workplace()
    let trained = try place.train("--steps", "3", into: "./-run")
    #expect(trained.status == 0 && trained.error.contains(" resume ./-run --steps 1003"), "\(trained.error)")
    let resumed = try place.gan("resume", "./-run", "--steps", "2")
    #expect(resumed.status == 0, "\(resumed.error)")
    #expect(
      resumed.error.contains("no step was trained: the run had already reached its limit at step 3"), "\(resumed.error)"
    )
    #expect(try !place.gan("resume", "./-run", "--steps", "4").error.contains("no step was trained"))
  }

  @Test func dataThatWereMovedAreFoundAgain() throws {
    let place = try Workplace()
    #expect(try place.train("--steps", "2").status == 0)
    try FileManager.default.moveItem(atPath: place.path + "/pictures.npy", toPath: place.path + "/photos.npy")
    let lost = try place.gan("resume", "run", "--steps", "4")
    #expect(lost.status == 1 && lost.error.contains("no longer at \(place.path)/pictures.npy"), "\(lost.error)")
    #expect(lost.error.contains("resume run --data NEWPLACE"))
    let found = try place.gan("resume", "run", "--steps", "4", "--data", "photos.npy", "--threads", "2")
    #expect(found.status == 0 && found.error.contains("threads: 2 from here on instead of 1"), "\(found.error)")
    // Both are kept.
    let again = try place.gan("resume", "run", "--steps", "6")
    #expect(again.status == 0 && again.error.contains("2 threads"), "\(again.error)")
    let other = try place.gan("resume", "run", "--steps", "8", "--data", "digits")
    #expect(other.status == 1 && other.error.contains("was trained on other data"), "\(other.error)")
  }

  @Test func aDiskThatIsFullAtOnceLeavesNoFolder() throws {
    let place = try Workplace()
    let outcome = try place.train(shell: "trap '' XFSZ; ulimit -f 20")
    #expect(outcome.status == 1)
    #expect(outcome.error.contains("cannot write the file"))
    #expect(!place.has("run"))
  }

  @Test func pointsOfThePlane() throws {
    let place = try Workplace()
    let outcome = try place.gan(
      "train", "mlp", "--data", "ring8", "--steps", "2", "--set", "base_width=8", "--threads", "1")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(place.has("runs/mlp-ring8/samples.png"))
    #expect(try place.gan("sample", "runs/mlp-ring8", "--count", "5", "--out", "p.npy").status == 0)
    #expect(try place.data("p.npy").count == 128 + 5 * 8)
    let folder = try place.gan("sample", "runs/mlp-ring8", "--out", "folder")
    #expect(folder.status == 2 && folder.error.contains(".npy"))
  }

  @Test(arguments: [(["base_width=12"], 12), ([], 256)])
  func anotherNetworkComesInItsUsualWidth(settings: [String], width: Int) throws {
    let place = try Workplace()
    let assignments = (settings + ["network=mlp", "latent_size=2"]).flatMap { ["--set", $0] }
    let words = ["train", "dcgan", "--data", "ring8", "--steps", "1", "--out", "run"] + assignments
    let outcome = try GanProcess(words, in: place.path).end()
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(try recordedSettings(place)["base_width"] as? Int == width)
  }

  private func recordedSettings(_ place: Workplace) throws -> [String: Any] {
    let recipe = try JSONSerialization.jsonObject(with: place.data("run/recipe.json")) as? [String: Any]
    return try #require(recipe?["settings"] as? [String: Any])
  }

  @Test func autoTurnsMinutesIntoStepsAndSaysWhy() throws {
    let place = try Workplace()
    let words = ["train", "--minutes", "0.02", "--out", "run"] + Workplace.small
    let outcome = try GanProcess(words, in: place.path).end()
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error.contains("auto: measuring the speed of this machine"))
    #expect(outcome.error.contains("D would memorise only 40 pictures"))
    let steps = try #require(try recordedSettings(place)["steps"] as? Int)
    #expect(outcome.error.contains("auto: \(steps) steps: 0.02 minutes at"))
    // Minutes end the run, so that a machine that is busy at first has time for more steps.
    #expect(try #require(try place.steps("end").last) >= 1)
    let record = try JSONSerialization.jsonObject(with: place.data("run/recipe.json")) as? [String: Any]
    let limits = try #require((record?["run"] as? [String: Any])?["limits"] as? [String: Any])
    #expect(limits["minutes"] as? Double == 0.02 && limits["steps"] as? Int == nil)
    let unread = try GanProcess(words + ["--set", "top_k_steps=5"], in: place.path).end()
    #expect(unread.status == 2 && unread.error.contains("top_k_steps is for a top_k below 1"), "\(unread.error)")
  }

  @Test func autoLearnsTheClassesOfFolders() throws {
    let place = try Workplace()
    #expect(try place.train("--steps", "1").status == 0)
    for (name, seed) in [("cats", "1"), ("dogs", "2")] {
      let folder = "photos/" + name
      try FileManager.default.createDirectory(atPath: place.path + "/photos", withIntermediateDirectories: true)
      #expect(try place.gan("sample", "run", "--count", "9", "--seed", seed, "--out", folder).status == 0)
    }
    let outcome = try place.gan(
      "train", "--data", "photos", "--classes", "folders", "--steps", "2", "--set", "base_width=4", "--out", "learnt")
    #expect(
      outcome.status == 0
        && outcome.error.contains("auto: classes: both players are conditional on class labels (G by concatenation"),
      "\(outcome.error)")
    #expect(try place.gan("sample", "learnt", "--class", "dogs", "--count", "2", "--out", "dogs.npy").status == 0)
  }

  @Test func whatFadesOutFollowsTheStepsOfTheRunUnlessItIsRepeated() throws {
    let place = try Workplace()
    let words = ["train", "--steps", "6", "--out", "run"]
    let first = try GanProcess(words + ["mlp", "--set", "top_k=0.5"] + Workplace.small, in: place.path).end()
    #expect(first.status == 0, "\(first.error)")
    #expect(try recordedSettings(place)["top_k_steps"] as? Int == 3)
    try FileManager.default.moveItem(atPath: place.path + "/run", toPath: place.path + "/first")
    let ownSteps =
      ["train", "mlp", "--set", "steps=4", "--set", "instance_noise=0.1", "--out", "own"] + Workplace.small
    #expect(try GanProcess(ownSteps, in: place.path).end().status == 0)
    let own = try JSONSerialization.jsonObject(with: place.data("own/recipe.json")) as? [String: Any]
    #expect((own?["settings"] as? [String: Any])?["instance_noise_steps"] as? Int == 2)
    let again = ["train", "--recipe", "first/recipe.json", "--steps", "8", "--out", "run"]
    #expect(try GanProcess(again, in: place.path).end().status == 0)
    #expect(try recordedSettings(place)["top_k_steps"] as? Int == 3)
  }

  @Test func anotherRunOfTheSameNameGetsANumber() throws {
    let place = try Workplace()
    for _ in 0..<2 {
      #expect(try GanProcess(["train", "mlp", "--steps", "1"] + Workplace.small, in: place.path).end().status == 0)
    }
    #expect(try place.names(in: "runs") == ["mlp-pictures.npy", "mlp-pictures.npy-2"])
  }
}
