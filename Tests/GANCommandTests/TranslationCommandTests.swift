import Foundation
import Testing

@Suite(.serialized) struct TranslationCommandTests {
  private static let small = [
    "--size", "16x16", "--threads", "1", "--batch", "2", "--set", "base_width=2", "--set", "discriminator_width=2",
    "--set", "discriminator_layers=1", "--set", "layout=halves",
  ]

  /// A folder "pairs" of ten pictures of 12x12 pixels, whose halves are pairs.
  private func workplace() throws -> Workplace {
    let place = try Workplace()
    #expect(try place.train("--steps", "1", "--quiet", into: "drawn").status == 0)
    #expect(try place.gan("sample", "drawn", "--count", "10", "--out", "pairs").status == 0)
    return place
  }

  private func train(_ place: Workplace, _ arguments: String...) throws -> GanProcess.Outcome {
    try GanProcess(["train", "pix2pix", "--out", "run", "--data", "pairs"] + Self.small + arguments, in: place.path)
      .end()
  }

  private func run(_ place: Workplace, _ arguments: [String]) throws -> GanProcess.Outcome {
    try GanProcess(arguments, in: place.path).end()
  }

  @Test func aTranslationIsTrainedResumedAppliedAndJudged() throws {
    let place = try workplace()
    let outcome = try train(place, "--steps", "1", "--set", "direction=b-to-a", "--eval-every", "1")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(place.has("run/model.safetensors") && place.has("run/samples.png"))
    let record = try JSONSerialization.jsonObject(with: place.data("run/recipe.json")) as? [String: Any]
    #expect((record?["settings"] as? [String: Any])?["direction"] as? String == "b-to-a")
    #expect(record?["game"] as? String == "paired-translation")
    let resumed = try place.gan("resume", "run", "--steps", "2")
    #expect(resumed.status == 0, "\(resumed.error)")
    // Its learning rates fell to zero with its end: nobody should be sent on.
    #expect(!outcome.error.contains("gan resume"))
    #expect(resumed.error.contains("learning rates have fallen below a hundredth of their first values by step 1"))
    #expect(try place.steps("step") == [1, 2] && place.steps("evaluation") == [1, 2])
    let sampled = try place.gan("sample", "run", "--out", "grid.png")
    #expect(sampled.status == 0 && sampled.error.contains("2 pictures"), "\(sampled.error)")
    let judged = try place.gan("evaluate", "run", "--json")
    let metrics = try place.lines(Data(judged.output.utf8)).compactMap { $0["metric"] as? String }
    #expect(["fid", "psnr", "ssim", "l1"].allSatisfy(metrics.contains), "\(judged.error)")
    // What people see decides, not fid of a few pictures; the worst pairs are shown.
    #expect(metrics.first == "perceptual" && place.has("run/worst.png"))
    #expect(try String(decoding: place.data("run/report.html"), as: UTF8.self).contains("source, result, truth"))
    // Each of the run's models translates the sides that the run does.
    func l1(_ name: String) throws -> Double? {
      let judged = try place.gan("evaluate", name, "--metrics", "l1", "--json")
      return try place.lines(Data(judged.output.utf8)).first?["value"] as? Double
    }
    #expect(try l1("run/model.safetensors") == l1("run") && l1("run") != nil)
    try FileManager.default.copyItem(
      atPath: place.path + "/run/model.safetensors", toPath: place.path + "/m.safetensors")
    let alone = try place.gan("evaluate", "m.safetensors", "--data", "pairs")
    #expect(alone.status == 2 && alone.error.contains("only a run folder says which into which"), "\(alone.error)")
    let listed = try place.gan("evaluate", "run", "--metrics", "l1", "--worst")
    #expect(listed.output.contains("worst by l1\npair "), "\(listed.output)\(listed.error)")
  }

  @Test func aGoalCanBeAMetricOfPairs() throws {
    let place = try workplace()
    let outcome = try train(place, "--steps", "4", "--eval-every", "1", "--until", "l1<2")
    #expect(outcome.status == 0 && outcome.error.contains("l1<2 at step 1"), "\(outcome.error)")
    let missed = try GanProcess(
      ["train", "pix2pix", "--out", "other", "--data", "pairs"] + Self.small
        + ["--steps", "1", "--eval-every", "1", "--until", "l1<0.0001"], in: place.path
    ).end()
    #expect(missed.status == 3 && missed.error.contains("l1<0.0001 was not reached"), "\(missed.error)")
  }

  @Test func whatCannotBeIsRefused() throws {
    let place = try workplace()
    func refusal(_ arguments: String...) throws -> String {
      let outcome = try GanProcess(arguments, in: place.path).end()
      #expect(outcome.status == 2)
      return outcome.error
    }
    #expect(try refusal("train", "pix2pix").contains("pix2pix needs --data: a folder of pictures of two sides"))
    #expect(try refusal("train", "dcgan", "--set", "direction=a-to-b").contains("no setting 'direction'"))
    #expect(
      try refusal("train", "pix2pix", "--data", "pairs", "--size", "18x18", "--set", "layout=halves").contains(
        "halves the sides of pictures three times or more"))
    #expect(try place.gan("train", "pix2pix", "--data", "digits").error.contains("digits holds single pictures"))
    #expect(try train(place, "--steps", "1").status == 0)
    #expect(try refusal("sample", "run/model.safetensors").contains("name the run folder"))
    #expect(try refusal("sample", "run", "--truncation", "0.5").contains("takes no random numbers"))
  }

  /// `auto` finds the pairs, and pictures of one side where `layout` says so; a run can begin with another's weights.
  @Test func autoFindsThePairs() throws {
    let place = try workplace()
    let first = try run(place, ["train", "--data", "pairs", "--steps", "1", "--out", "first"] + Self.small)
    #expect(
      first.status == 0 && first.error.contains("auto: pairs: pix2pix, a U-Net of base width 2"), "\(first.error)")
    let next = try run(
      place,
      [
        "train", "pix2pix", "--data", "pairs", "--steps", "1", "--out", "next", "--start-from",
        "first/model.safetensors",
      ]
        + Self.small)
    #expect(next.status == 0, "\(next.error)")
    // What it began with need not be there when it goes on.
    try FileManager.default.removeItem(atPath: place.path + "/first")
    #expect(try place.gan("resume", "next", "--steps", "2").status == 0)
    let single = try place.gan(
      "train", "--data", "pairs", "--set", "layout=single", "--steps", "1", "--batch", "2", "--out", "single",
      "--eval-every", "0")
    #expect(single.status == 0 && !single.error.contains("pix2pix"), "\(single.error)")
    let refused = try place.gan("train", "dcgan", "--start-from", "next/model.safetensors")
    #expect(refused.status == 2 && refused.error.contains("this is not a run folder"))
    let other = try place.gan("train", "cyclegan", "--data", "pairs", "--start-from", "next/model.safetensors")
    #expect(other.error.contains("the file holds another network"), "\(other.error)")
  }

  @Test(arguments: ["cyclegan", "cut", "fastcut"]) func collectionsAreTranslated(game: String) throws {
    let place = try workplace()
    let tiny = ["base_width=1", "blocks=5", "discriminator_width=2", "discriminator_layers=1"].flatMap {
      ["--set", $0]
    }
    let trained = try run(
      place,
      ["train", game, "--from", "pairs", "--to", "pictures.npy", "--size", "16x16", "--steps", "1", "--out", "run"]
        + ["--eval-every", "1", "--threads", "1"] + tiny)
    #expect(trained.status == 0, "\(trained.error)")
    #expect(place.has("run/model.safetensors") && place.has("run/samples.png"))
    #expect(try place.gan("resume", "run", "--steps", "2").status == 0)
    #expect(try place.steps("step") == [1, 2] && place.steps("evaluation") == [1, 2])
  }

  @Test func theUsualSizeIsSaid() throws {
    let place = try workplace()
    let outcome = try place.gan(
      "train", "pix2pix", "--data", "pairs", "--steps", "1", "--out", "run", "--set", "base_width=1", "--set",
      "discriminator_width=1", "--set", "layout=halves", "--eval-every", "0")
    #expect(outcome.error.contains("pictures are loaded at 64x64, the default of pix2pix; --size changes it"))
    #expect(outcome.status == 0, "\(outcome.error)")
  }

  @Test func itsSettingsAreItsOwn() throws {
    let outcome = try Workplace().gan("recipes", "pix2pix")
    #expect(outcome.output.contains("l1_weight=100.0") && !outcome.output.contains("latent_size"))
  }
}
