import Files
import Glibc

/// A comparison as a page: the table under each group's pictures, and the runs' curves in one frame a metric.
struct ComparisonPage {
  let comparison: Comparison

  var html: String {
    let table = ComparisonTable(comparison)
    let notes = table.notes.map { "<p class=\"soft\">\($0.htmlEscaped)</p>" }
    return """
      <!doctype html>
      <html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Comparison of runs</title>
      <style>
      \(ReportStyle.css)
      </style></head><body><main>
      <header><h1>Comparison of runs</h1><p class="soft">\(names.htmlEscaped)</p></header>
      <div class="card wide"><table class="scores compared">\(head(table.names))
      \(table.rows.map(Self.row).joined(separator: "\n"))</table></div>
      <div class="remarks">\(notes.joined(separator: "\n"))</div>
      \(curves)
      <h2>Samples</h2>
      <div class="pairs">
      \(pictures.joined(separator: "\n"))
      </div>
      <footer>Written by swift-gan. Bands around judged values are their deviation over other draws of samples; rings mark \
      each run's best generator.</footer>
      </main></body></html>

      """
  }

  private var names: String { comparison.groups.map(\.name).joined(separator: ", ") }

  private func head(_ names: [String]) -> String {
    let cells = names.enumerated().map { index, name in
      "<th><span class=\"key \(Chart.style(index))\">\(name.htmlEscaped)</span></th>"
    }
    return "<tr><th></th>\(cells.joined())</tr>"
  }

  private static func row(_ row: ComparisonTable.Row) -> String {
    "<tr><th>\(row.name.htmlEscaped)</th>\(row.cells.map { "<td>\($0.htmlEscaped)</td>" }.joined())</tr>"
  }

  private var curves: String {
    let charts = charts
    guard !charts.isEmpty else { return "" }
    return "<h2>Curves</h2>\n<div class=\"charts\">\n\(charts.map(\.html).joined(separator: "\n"))\n</div>"
  }

  private var charts: [Chart] {
    comparison.metrics.map { metric in
      let lines = lines(of: metric)
      let floors = lines.compactMap(\.floor).filter(\.isFinite)
      let levels = Set(floors).sorted().map { Chart.Level(value: $0, text: "held-out data") }
      return Chart(
        title: metric.heading, series: lines.map(\.series),
        leastRange: min(0, floors.min() ?? 0)...max(0, floors.max() ?? 0), levels: levels, givesValues: false)
    }
  }

  /// A line for each run, and what held-out data reach.
  private func lines(of metric: ComparedMetric) -> [(series: Chart.Series, floor: Double?)] {
    comparison.groups.enumerated().flatMap { index, group in
      group.runs.flatMap { MetricSeries.series(of: $0.history.evaluations).flatMap(\.series) }
        .filter { $0.newest.isComparable(to: metric.example) }
        .enumerated().map { number, values in
          // The runs of a group share a colour and one entry of the legend.
          let series = Chart.Series(
            name: number == 0 ? group.name : "", style: Chart.style(index), curve: values.curve, rings: values.rings)
          return (series, values.newest.floor)
        }
    }
  }

  private var pictures: [String] {
    comparison.groups.flatMap(\.runs).map { run in
      let seed = run.seed.map { ", seed \($0)" } ?? ""
      let caption = "\(run.name)\(seed), step \(Wording.grouped(Int(run.steps)))"
      guard FileSystem.exists(run.folder.newestSample) else {
        return "<figure class=\"samples\"><p class=\"empty\">No samples have been drawn yet.</p>"
          + "<figcaption>\(caption.htmlEscaped)</figcaption></figure>"
      }
      return EmbeddedPicture(path: run.folder.newestSample, side: 512, name: caption, caption: caption).html
    }
  }
}
