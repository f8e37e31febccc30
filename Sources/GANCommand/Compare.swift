import CommandLineKit
import Files
import GAN

/// `gan compare`
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare runs side by side, in a table and on a page.",
    discussion: """
      Runs that differ only in their seed form one group, shown with the mean and deviation of their values. Values that \
      are not comparable, because extractor, data or number of samples differ, never share a line.
      """)

  @Argument(help: ArgumentHelp("Run folders.", valueName: "RUN"))
  var runs: [String]
  @Option(
    help: ArgumentHelp("Metrics to show, the one to sort by first; by default all.", valueName: "fid,recall,..."))
  var metrics: String?
  @Option(help: ArgumentHelp("Where to write the page; by default compare.html.", valueName: "FILE.html"))
  var out: String?
  @Flag(help: "Print one JSON object per line for each group of runs, and nothing else.")
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
