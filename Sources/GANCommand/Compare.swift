import CommandLineKit
import Files
import GAN

/// `gan compare`
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Set several runs side by side, in a table and on a page.",
    discussion: """
      Runs that differ only in their seed stand as one, with the mean of their values and their deviation. Values that are \
      not comparable, because another judge or another number of samples made them, never stand on one line.
      """)

  @Argument(help: ArgumentHelp("The folders of the runs.", valueName: "RUN"))
  var runs: [String]
  @Option(
    help: ArgumentHelp("The metrics to show, the one that sorts first; by default all.", valueName: "fid,recall,..."))
  var metrics: String?
  @Option(help: ArgumentHelp("Where the page goes, by default compare.html.", valueName: "FILE.html"))
  var out: String?
  @Flag(help: "Print one JSON object a line for each group of runs, and nothing else there.")
  var json = false

  mutating func run() throws {
    let chosen = try asCommandLine { try metrics.map { try Metric.list($0) } }
    if let out { try AtomicFile.check(out) }
    let comparison = try Comparison(of: runs, metrics: chosen?.map(\.name)) { metric, value, other in
      MetricCatalogue.standard[metric]?.isBetter(value, than: other) ?? false
    }
    let page = out ?? UnnamedFile.path("compare.html")
    try comparison.writePage(to: page)
    if json {
      for line in comparison.jsonLines { print(line) }
    } else {
      print(comparison.text)
      note("page  \(page)")
    }
  }
}
