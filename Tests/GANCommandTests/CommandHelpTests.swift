import Foundation
import Testing

@Suite(.serialized) struct CommandHelpTests {
  private static let usages = [
    "train": """
    Usage: gan train [<RECIPE>] [--recipe <FILE>] [--data <DATA>] [--from <DATA>]
                     [--to <DATA>] [--size <WxH>] [--classes <folders>]
                     [--out <DIR>] [--start-from <RUN|FILE>] [--steps <N>]
                     [--images <N>] [--minutes <M>] [--until <GOAL>]
                     [--patience <K>] [--eval-every <N>]
                     [--metrics <fid,recall,...>] [--extractor <EXTRACTOR>]
                     [--stop-on <LIST>] [--batch <N>] [--precision <P>]
                     [--set <key=value>]... [--seed <N>] [--device <D>]
                     [--threads <N>] [--checkpoint-every <N>] [--quiet] [--json]
    """,
    "bench": """
    Usage: gan bench [<RECIPE>] [--minutes <M>] [--batch <N>] [--precision <P>]
                     [--set <key=value>]... [--update <RULE>] [--generate]
                     [--size <WxH>] [--channels <N>] [--warm-up <N>] [--steps <N>]
                     [--profile <N>] [--threads <N>] [--seed <N>] [--json]
    """,
    "compare": """
    Usage: gan compare <RUN>... [--metrics <fid,recall,...>] [--out <FILE.html>]
                       [--json]
    """,
    "resume": """
    Usage: gan resume <RUN> [--data <DATA>] [--steps <N>] [--images <N>]
                      [--minutes <M>] [--until <GOAL>] [--patience <K>]
                      [--device <D>] [--threads <N>] [--quiet] [--json]
    """,
    "evaluate": """
    Usage: gan evaluate <SAMPLES> [--data <DATA>] [--pairs <FOLDER>] [--size <WxH>]
                        [--classes <folders>] [--metrics <fid,kid,...>]
                        [--extractor <EXTRACTOR>] [--count <N>] [--seed <N>]
                        [--pictures <FOLDER>] [--worst] [--threads <N>] [--json]
    """,
    "apply": """
    Usage: gan apply <RUN|MODEL> <INPUT>... --out <OUT> [--direction <WAY>]
                     [--tile <N>] [--force] [--threads <N>] [--quiet] [--json]
    """,
    "sample": """
    Usage: gan sample <RUN|FILE> [--count <N>] [--seed <N>] [--class <K>]
                      [--truncation <T>] [--rejection <SHARE>] [--batch <N>]
                      [--out <OUT>] [--force] [--latents <FILE.npy>]
                      [--labels <FILE.npy>]
    """,
    "data": """
    Usage: gan data [<DATA>] [--split <SPLIT>] [--size <WxH>] [--classes <folders>]
                    [--layout <LAYOUT>] [--count <N>] [--preview <FILE.png>]
                    [--export <FILE.npy>] [--labels <FILE.npy>]
    """,
    "extractor features": """
    Usage: gan extractor features <DATA> [--extractor <E>] --out <FILE.npy>
                                  [--logits <FILE.npy>] [--split <SPLIT>]
                                  [--size <WxH>] [--classes <folders>] [--count <N>]
                                  [--batch <N>] [--threads <N>] [--quiet]
    """,
    "extractor train": """
    Usage: gan extractor train [--data <DATA>] [--size <WxH>] [--classes <folders>]
                               [--out <FILE>] [--steps <N>] [--seed <N>] [--quiet]
                               [--json]
    """,
  ]

  /// Every option is in the usage, and explained under the options.
  @Test(arguments: usages.keys.sorted()) func aCommandShowsItsUsageAndOptions(name: String) throws {
    let place = try Workplace()
    let outcome = try GanProcess(name.split(separator: " ").map(String.init) + ["--help"], in: place.path).end()
    #expect(outcome.status == 0 && outcome.error.isEmpty)
    let parts = outcome.output.components(separatedBy: "\n\n")
    let usage = try #require(Self.usages[name])
    #expect(parts.contains(usage), "\(outcome.output)")
    let explained = try #require(parts.last).split(separator: "\n").map { $0.drop { $0 == " " } }
    for option in usage.matches(of: /--[a-z-]+/).map(\.output) {
      #expect(explained.contains { $0.hasPrefix(option + " ") }, "\(option)")
    }
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }

  @Test func theCommandListsItsSubcommands() throws {
    let output = try Workplace().gan("--help").output
    for name in [
      "train", "resume", "sample", "apply", "evaluate", "compare", "bench", "data", "extractor", "recipes", "doctor",
      "version",
    ] {
      #expect(output.contains("\n  \(name) "), "\(name)")
    }
  }
}
