import CommandLineKit

/// What a long command prints while it works.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Print no progress, only warnings and where the model is.")
  var quiet = false
  @Flag(help: "Print one JSON object per line on standard output and nothing else.")
  var json = false
}
