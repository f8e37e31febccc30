import Foundation
import Testing

/// Two sides of pictures on the command line.
@Suite(.serialized) struct SidesCommandTests {
  private static let small = [
    "--size", "16x16", "--threads", "1", "--batch", "2", "--set", "base_width=2", "--set", "discriminator_width=2",
    "--set", "discriminator_layers=1", "--steps", "1",
  ]

  /// A folder "sides" with ten pictures of 12x12 in each of two subfolders, with equal names.
  private func workplace(_ a: String, _ b: String) throws -> Workplace {
    let place = try Workplace()
    #expect(try place.train("--steps", "1", "--quiet", into: "drawn").status == 0)
    for (folder, seed) in [(a, "1"), (b, "2")] {
      let outcome = try place.gan("sample", "drawn", "--count", "10", "--seed", seed, "--out", "sides/" + folder)
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    return place
  }

  private func gan(_ place: Workplace, _ arguments: [String]) throws -> GanProcess.Outcome {
    try GanProcess(arguments, in: place.path).end()
  }

  @Test func pairsInTwoFoldersAreShownTrainedAndResumed() throws {
    let place = try workplace("A", "B")
    let shown = try place.gan("data", "sides")
    #expect(
      shown.error.contains("sides: 10 pairs of pictures with equal names, 12x12; 8 to train on, the last 2 held out"))
    #expect(shown.output.contains("samples       8\n") && shown.output.contains("targets       one each, 1x12x12\n"))
    #expect(shown.output.contains("\nchannel 0     mean") && shown.output.contains("\ntarget's channel 0     mean"))
    #expect(place.has("data.png"))
    let trained = try gan(place, ["train", "pix2pix", "--data", "sides", "--out", "run"] + Self.small)
    #expect(trained.status == 0, "\(trained.error)")
    try FileManager.default.moveItem(atPath: place.path + "/sides", toPath: place.path + "/moved")
    let lost = try place.gan("resume", "run", "--steps", "2")
    #expect(lost.status == 1 && lost.error.contains("/sides; if they have moved, pass the new place:"))
    #expect(try place.gan("resume", "run", "--steps", "2", "--data", "moved").status == 0)
    try FileManager.default.removeItem(atPath: place.path + "/moved/B/000003.png")
    let broken = try place.gan("data", "moved")
    #expect(broken.status == 1 && broken.error.contains("moved/A/000003.png: the picture has no partner"))
  }

  @Test func collectionsAreShownAndPairsAreAskedFor() throws {
    let place = try workplace("trainA", "trainB")
    for source in ["sides", "sides/trainA -> sides/trainB"] {
      let shown = try place.gan("data", source, "--size", "8x8")
      #expect(
        shown.error.contains("\(source): collections: 8 pictures to translate, 8 pictures to translate into"),
        "\(shown.error)")
      #expect(shown.output.contains("targets       8 without pairs, 1x8x8\n"))
    }
    #expect(try place.gan("data", "sides", "--split", "test").output.contains("samples       2\n"))
    for data in [["--data", "sides"], ["--from", "sides/trainA", "--to", "sides/trainB"]] {
      let refused = try gan(place, ["train", "pix2pix"] + data + Self.small)
      #expect(refused.status == 2, "\(refused.error)")
      #expect(
        refused.error.contains("holds two collections without pairs, 8 and 8 pictures: give pictures of two halves"))
    }
    #expect(!place.has("runs"))
    let single = try gan(place, ["train", "pix2pix", "--data", "sides/trainA"] + Self.small)
    #expect(
      single.status == 1 && single.error.contains("is 12x12, and pairs of halves are 2:1. A translation needs two"))
  }

  @Test func twoFoldersAreTranslatedResumedAndJudged() throws {
    let place = try workplace("a", "b")
    let trained = try gan(
      place,
      [
        "train", "cyclegan", "--from", "sides/a", "--to", "sides/b", "--size", "16x16", "--threads", "1", "--batch",
        "2",
      ]
        + [
          "--steps", "1", "--set", "base_width=2", "--set", "discriminator_width=2", "--set", "discriminator_layers=1",
        ]
        + ["--set", "blocks=1"])
    #expect(trained.status == 0, "\(trained.error)")
    let run = "runs/cyclegan-a-to-b"
    #expect(place.has(run + "/model.safetensors"))
    #expect(trained.error.contains("held out: 2 pictures to translate (the last fifth), 2 pictures to translate into"))
    #expect(try place.gan("resume", run, "--steps", "2").status == 0)
    try FileManager.default.moveItem(atPath: place.path + "/sides", toPath: place.path + "/moved")
    let lost = try place.gan("resume", run, "--steps", "3")
    #expect(
      lost.status == 1 && lost.error.contains("are no longer at") && lost.error.contains("/sides/a;"), "\(lost.error)")
    #expect(lost.error.contains("--data 'NEWPLACE -> NEWPLACE'"))
    let resumed = try place.gan("resume", run, "--steps", "3", "--data", "moved/a -> moved/b")
    #expect(resumed.status == 0, "\(resumed.error)")
    let judged = try place.gan("evaluate", run, "--json")
    #expect(judged.status == 0 && judged.output.contains("\"kid\""), "\(judged.error)")
  }

  @Test func fromAndToBelongTogether() throws {
    let place = try Workplace()
    func refusal(_ arguments: String...) throws -> String {
      let outcome = try gan(place, ["train"] + arguments)
      #expect(outcome.status == 2)
      return outcome.error
    }
    #expect(try refusal("pix2pix", "--from", "digits").contains("--to is missing: --from names the pictures"))
    #expect(try refusal("pix2pix", "--to", "digits").contains("--from is missing"))
    #expect(
      try refusal("pix2pix", "--from", "digits", "--to", "digits", "--data", "digits").contains(
        "--from and --to, not both"))
    #expect(
      try refusal("dcgan", "--from", "digits", "--to", "digits").contains(
        "are for recipes that translate pictures, not dcgan"))
    #expect(try refusal("pix2pix").contains("or --from and --to: two collections"))
    #expect(try place.gan("data", "digits", "--layout", "halves", "--classes", "folders").status == 2)
  }

  @Test func resumeNamesTheSideThatMoved() throws {
    let place = try workplace("A", "B")
    #expect(try gan(place, ["train", "pix2pix", "--data", "sides", "--out", "run"] + Self.small).status == 0)
    let text = try #require(String(data: place.data("run/recipe.json"), encoding: .utf8))
    let both = "mnist:\(place.path)/gone -> \(place.path)/sides/B"
    let path = "\(place.path)/sides".replacing("/", with: text.contains("\\/") ? "\\/" : "/")
    let changed = text.replacing("\"\(path)\"", with: "\"\(both)\"")
    #expect(changed != text)
    try place.write(changed, to: "run/recipe.json")
    let lost = try place.gan("resume", "run", "--steps", "2")
    #expect(lost.status == 1 && lost.error.contains("are no longer at \(place.path)/gone"), "\(lost.error)")
    #expect(lost.error.contains("--data 'mnist:NEWPLACE -> \(place.path)/sides/B'"), "\(lost.error)")
  }
}
