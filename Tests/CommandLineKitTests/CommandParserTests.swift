import Testing

@Suite("Parsing command lines")
struct CommandParserTests {
  private static let defaults =
    "gan: recipe -, runs [], data digits, batch 64, rate 0.5, precision auto, seed -, set [], steps -1, "
    + "quiet false, color true\n"

  @Test("Without arguments the defaults hold")
  func defaults() {
    #expect(Outcome("train").error == Self.defaults)
  }

  @Test("Options take their value from the next argument or after an equals sign, among the positional arguments")
  func options() {
    let expected =
      "gan: recipe dcgan, runs [\"one\", \"two\"], data a=b, batch 8, rate -0.25, precision bfloat16, "
      + "seed 18446744073709551615, set [\"x=1\", \"y=\"], steps 10, quiet true, color false\n"
    let spaced = Outcome(
      "train", "dcgan", "--data", "a=b", "-b", "8", "one", "--rate", "-0.25", "--precision", "bfloat16", "--seed",
      "18446744073709551615", "--set", "x=1", "--set", "y=", "--maximum-steps", "10", "-q", "--no-color", "two")
    let joined = Outcome(
      "train", "--data=a=b", "-b=8", "--rate=-0.25", "--precision=bfloat16", "--seed=18446744073709551615",
      "--set=x=1", "--set=y=", "--maximum-steps=10", "--quiet", "--no-color", "dcgan", "one", "two")
    #expect(spaced.error == expected)
    #expect(joined.error == expected)
  }

  @Test("After -- everything is positional, and a lone - always is")
  func terminator() {
    #expect(Outcome("train", "--", "--data", "-q").error.contains("recipe --data, runs [\"-q\"]"))
    #expect(Outcome("train", "-").error.contains("recipe -, "))
    #expect(Outcome("train", "--data", "-").error.contains("data -, "))
    #expect(Outcome("train", "--data=--quiet").error.contains("data --quiet, "))
  }

  @Test("Nested commands are found, and see their own help")
  func nested() {
    #expect(Outcome("extractor", "train", "--data", "d", "f", "g").error == "gan: data d, files [\"f\", \"g\"]\n")
    #expect(Outcome("extractor", "train", "--dta").error.hasSuffix("see 'gan extractor train --help'\n"))
  }

  @Test(
    "A wrong command line ends with status 2, a sentence, and where to look",
    arguments: [
      (["trian"], "unknown command 'trian'; did you mean 'train'?", "gan"),
      (["zzz"], "unknown command 'zzz'", "gan"),
      (["--versoin"], "unknown option '--versoin'; did you mean '--version'?", "gan"),
      (["extractor", "trai"], "unknown command 'trai'; did you mean 'train'?", "gan extractor"),
      (["train", "--bacth", "8"], "unknown option '--bacth'; did you mean '--batch'?", "gan train"),
      (["train", "--zzzzzzzz"], "unknown option '--zzzzzzzz'", "gan train"),
      (["train", "--batch", "abc"], "--batch needs a whole number, got 'abc'", "gan train"),
      (
        ["train", "--batch", "99999999999999999999"], "--batch needs a whole number, got '99999999999999999999'",
        "gan train"
      ),
      (["train", "--seed", "-1"], "--seed needs a whole number from 0 to 18446744073709551615, got '-1'", "gan train"),
      (["train", "--rate", "nan"], "--rate needs a number, got 'nan'", "gan train"),
      (["train", "--precision", "half"], "--precision needs one of auto, float32, bfloat16, got 'half'", "gan train"),
      (["train", "--batch"], "--batch needs a value <n>", "gan train"),
      (["train", "--batch="], "--batch must not be empty", "gan train"),
      (
        ["train", "--data", "--quiet"],
        "--data needs a value <source> before '--quiet' (if that is the value: --data=--quiet)", "gan train"
      ),
      (["train", "-b", "1", "--batch=2"], "--batch is given twice", "gan train"),
      (["train", "-q", "-q"], "-q is given twice", "gan train"),
      (["train", "--quiet=yes"], "--quiet takes no value", "gan train"),
      (["fail", "a", "b"], "unexpected argument 'b'", "gan fail"),
      (["fail"], "<way> is missing", "gan fail"),
      (["extractor", "train", "f"], "--data <source> is missing", "gan extractor train"),
      (["extractor", "train", "--data", "d"], "<files> is missing", "gan extractor train"),
      (["fail", "usage"], "--size and --recipe exclude each other", "gan fail"),
    ])
  func usageError(arguments: [String], message: String, command: String) {
    let outcome = Outcome(arguments)
    #expect(outcome.status == 2)
    #expect(outcome.error == "gan: \(message)\nsee '\(command) --help'\n")
    #expect(outcome.output.isEmpty)
  }

  @Test(
    "The work's end gives the exit status",
    arguments: [
      ("well", 0, ""), ("guard", 3, ""), ("interrupt", 130, ""), ("work", 1, "gan: runs/first: the disk is full\n"),
    ])
  func exitStatus(way: String, status: Int32, error: String) {
    let outcome = Outcome("fail", way)
    #expect(outcome.status == status && outcome.error == error && outcome.output.isEmpty)
  }
}
