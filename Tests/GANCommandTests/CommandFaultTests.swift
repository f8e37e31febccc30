import Foundation
import Testing

/// What is refused, with which status, and with which words; nothing is left behind.
@Suite(.serialized) struct CommandFaultTests {
  @Test(arguments: [
    (["--stesp", "3"], 2, "did you mean '--steps'?"),
    (["--set", "bacth=3"], 2, "did you mean batch?"),
    (["--set", "batch"], 2, "--set needs key=value"),
    (["--set", "batch=many"], 2, "batch needs a whole number"),
    (["--set", "objective=wasserstein"], 2, "Lipschitz"),
    (["--set", "update=one-stage", "--set", "objective=relativistic-pairing"], 2, "set update=simultaneous"),
    (["--set", "generator.beta1=1.5"], 2, "generator.beta1 needs a number from 0.0"),
    (["--device", "cuda"], 2, "--device needs auto or cpu"),
    (["--precision", "half"], 2, "bfloat16"),
    (["--threads", "0"], 2, "--threads needs a number from 1"),
    (["--threads", "99999999999"], 2, "--threads needs a number from 1"),
    (["--steps", "0"], 2, "--steps must be at least 1"),
    (["--steps", "3", "--set", "steps=9"], 2, "steps is for runs without --steps and --images"),
    (["--minutes", "-1"], 2, "--minutes must be above 0"),
    (["--checkpoint-every", "0"], 2, "--checkpoint-every must be at least 1"),
    (["--size", "12"], 2, "64x48"),
    (["--seed", "-1"], 2, "--seed needs"),
    (["--recipe", "recipe.json"], 2, "not both"),
    (
      ["--batch", "41"], 1,
      "40 samples are fewer than a batch of 41; add samples, or lower the batch size to 40 or less, as in --batch 40"
    ),
    (["--set", "network=dcgan-keras", "--set", "base_width=65536"], 1, "this machine has"),
    (["--classes", "folders"], 1, "need a folder of pictures"),
    (["--out", "pictures.npy"], 1, "this is a file where a folder is needed"),
  ])
  func trainRefuses(arguments: [String], status: Int, words: String) throws {
    let place = try Workplace()
    var common = ["train", "mlp", "--data", "pictures.npy"]
    if !arguments.contains("--out") { common += ["--out", "run"] }
    if !arguments.contains("--batch") { common += ["--batch", "8"] }
    let outcome = try GanProcess(common + arguments, in: place.path).end()
    #expect(outcome.status == Int32(status), "\(outcome.error)")
    #expect(outcome.error.contains(words), "\(outcome.error)")
    #expect(outcome.output.isEmpty)
    #expect(!place.has("run") && !place.has("runs"))
  }

  @Test(arguments: [
    (["train", "dcgn"], 2, "did you mean 'dcgan'?"),
    (["trian"], 2, "did you mean 'train'?"),
    (["recipes", "mlpp"], 2, "did you mean 'mlp'? There are auto, dcgan, mlp, dcgan-keras"),
    (["recipes", "xyzzy"], 2, "there is no recipe 'xyzzy'; there are auto, dcgan, mlp, dcgan-keras"),
    (["train", "--data", "photos"], 1, "no such file or folder"),
    (["train", "--data", "dgits"], 1, "did you mean 'digits'?"),
    (["train", "dcgan", "--data", "pictures.npy", "--size", "11x11"], 1, "near: 10"),
    (["train", "dcgan-keras", "--data", "pictures.npy", "--size", "10x10"], 1, "multiples of 4"),
    (["train", "--recipe", "recipe.json"], 1, "recipe.json: cannot open the file"),
    (["resume", "nowhere"], 1, "there is no such run folder"),
    (["resume", "."], 1, "this is not a run folder"),
    (["sample", "pictures.npy"], 1, "pictures.npy: "),
    (["sample", "nowhere"], 1, "nowhere: there is no such run folder or generator file"),
    (["sample", ""], 2, "<RUN|FILE> must not be empty"),
    (["train", "--data", ""], 2, "--data must not be empty"),
    (["train", "--out="], 2, "--out must not be empty"),
    (["sample", "pictures.npy", "--count", "0"], 2, "--count must be from 1"),
    (["sample", "pictures.npy", "--count", "9223372036854775807"], 2, "--count must be from 1"),
  ])
  func othersRefuse(arguments: [String], status: Int, words: String) throws {
    let place = try Workplace()
    let outcome = try GanProcess(arguments, in: place.path).end()
    #expect(outcome.status == Int32(status), "\(outcome.error)")
    #expect(outcome.error.contains(words), "\(outcome.error)")
    #expect(!place.has("runs"))
  }

  @Test(arguments: [["recipes"], ["version"], ["data", "pictures.npy"]])
  func outputThatCannotBeWrittenIsAFailure(arguments: [String]) throws {
    let place = try Workplace()
    let outcome = try GanProcess(arguments, in: place.path, shell: "exec >/dev/full").end()
    #expect(outcome.status == 1 && outcome.error.contains("standard output: cannot write"), "\(outcome.error)")
  }

  @Test func aRunInUseAndARunThatExistsAreRefused() throws {
    let place = try Workplace()
    let process = try place.startTraining("--steps", "1000000")
    try process.wait { place.hasStarted() }
    let resumed = try place.gan("resume", "run")
    #expect(resumed.status == 1 && resumed.error.contains("in use by process"), "\(resumed.error)")
    process.send(SIGINT)
    #expect(try process.end().status == 130)
    let again = try place.train("--steps", "1")
    #expect(again.status == 1 && again.error.contains("continue it with `gan resume run`"), "\(again.error)")
  }

  @Test func aDamagedRecipeIsASentence() throws {
    let place = try Workplace()
    #expect(try place.train("--steps", "1").status == 0)
    try Data("{".utf8).write(to: URL(fileURLWithPath: place.path + "/run/recipe.json"))
    for arguments in [["resume", "run"], ["train", "--recipe", "run/recipe.json"]] {
      let outcome = try GanProcess(arguments, in: place.path).end()
      #expect(outcome.status == 1)
      #expect(outcome.error == "gan: run/recipe.json: this is not JSON\n")
    }
  }
}
