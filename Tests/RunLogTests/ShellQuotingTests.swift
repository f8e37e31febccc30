import RunLog
import Testing

/// Paths in the commands that are printed for people to run.
@Suite struct ShellQuotingTests {
  @Test(arguments: [
    ("runs/dcgan-mnist", "runs/dcgan-mnist"), ("my run", "'my run'"), ("it's", "'it'\\''s'"), ("", "''"),
    // A command would take these for options.
    ("-run3", "./-run3"), ("--out", "./--out"), ("-my run", "'./-my run'"), ("-caf\\xE9", "$'./-caf\\xE9'"),
  ])
  func aPathIsOneWordAndNoOption(path: String, quoted: String) {
    #expect(path.shellQuoted == quoted)
  }
}
