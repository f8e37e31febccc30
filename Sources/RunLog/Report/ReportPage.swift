import Files

/// The page's parts, from top to bottom.
struct ReportPage {
  let run: RunDirectory
  let history: LogHistory
  let gallery: SampleGallery
  let recipe: Result<JSONValue, FileError>

  private var notes: NoteTable { NoteTable(notes: history.notes) }

  var html: String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(name.htmlEscaped): training report</title>
    <style>
    \(ReportStyle.css)
    </style></head><body><main>
    \(header)
    <div class="top">
    \(gallery.newest ?? "<figure class=\"samples\"><p class=\"empty\">No samples have been drawn yet.</p></figure>")
    \(tiles)
    \(commands)
    </div>
    \(quality.html)
    <h2>Curves</h2>
    <div class="charts">
    \(charts.map(\.html).joined(separator: "\n"))
    </div>
    \(earlierSamples)
    <h2>What happened</h2>
    \(notes.html)
    <h2>Settings</h2>
    \(settings)
    <footer>Written by swift-gan. Lines are smoothed over the paler raw values; bands span the lowest and highest value \
    where several steps share a point, around judged values their deviation over other draws of samples; values far outside \
    the rest are drawn at the frame.</footer>
    </main></body></html>

    """
  }

  private var name: String { run.path.split(separator: "/").last.map(String.init) ?? run.path }

  private var header: String {
    let recipe = history.start?["recipe"]?.string
    let dataset = history.start?["dataset"]?.string
    let subject = [recipe, dataset].compactMap { $0 }.joined(separator: " on ")
    let (state, style) = status
    return """
      <header><h1>\(name.htmlEscaped)</h1><p class="soft">\(subject.htmlEscaped)</p>
      <span class="badge \(style)">\(state.htmlEscaped)</span></header>
      """
  }

  private var status: (text: String, style: String) {
    guard let end = history.end else { return ("not finished when this page was written", "") }
    let text = end["reason"]?.string ?? "ended"
    switch end["exit_status"]?.integer {
    case 0: return (text, "well")
    case 3: return (text, "bad")
    default: return (text, "")
    }
  }

  private var tiles: String {
    var tiles: [(value: String, name: String)] = []
    if let step = history.steps.last {
      let limit = history.start?["steps_limit"]?.integer.map { " of " + Wording.grouped($0) } ?? ""
      tiles.append((Wording.grouped(max(step, history.end?["step"]?.integer ?? step)), "steps" + limit))
    }
    func add(_ member: StepMember, _ name: String, _ text: (Double) -> String) {
      if let value = history.end?[member.rawValue]?.double ?? history[member].values.last, value.isFinite {
        tiles.append((text(value), name))
      }
    }
    add(.samples, "training samples seen") { Wording.short($0) }
    add(.seconds, "training time") { Wording.duration($0) }
    if let speed = history.samplesPerSecond { tiles.append((Wording.short(speed), "samples per second, on average")) }
    for (player, count) in history.players { tiles.append((Wording.short(count), player + " parameters")) }
    let html = tiles.map {
      "<div class=\"card tile\"><b>\($0.value.htmlEscaped)</b><span>\($0.name.htmlEscaped)</span></div>"
    }
    return "<div class=\"tiles\">\(html.joined(separator: "\n"))</div>"
  }

  private var commands: String {
    // Limits are totals of the run: one that reached its limit goes on only with a higher one.
    let limit = history.start?["steps_limit"]?.integer
    let isComplete = [0, 3].contains(history.end?["exit_status"]?.integer)
    let reached = limit ?? history.end?["step"]?.integer
    let more =
      reached.flatMap { isComplete && (0..<Int.max / 2).contains($0) ? " --steps \(max($0 * 2, 1))" : nil } ?? ""
    let lines = [
      ("Draw samples from the generator", "gan sample \(run.path.shellQuoted) --count 64 --out samples.png"),
      ("Evaluate the generator", QualitySection.command(for: run)),
      ("Continue training", "gan resume \(run.path.shellQuoted)\(more)"),
      ("Repeat the run from the start", "gan train --recipe \(run.recipe.shellQuoted)"),
    ]
    let html = lines.map { "<h3>\($0.0)</h3><pre>\($0.1.htmlEscaped)</pre>" }
    return "<div class=\"card\">\(html.joined(separator: "\n"))</div>"
  }

  private var quality: QualitySection {
    QualitySection(run: run, evaluations: history.evaluations, marks: notes.marks)
  }

  private var charts: [Chart] {
    // A title keeps its colour from chart to chart.
    var colours: [String: Int] = [:]
    let groups = history.scalars.map { scalars in
      var taken: Set<Int> = []
      let series = scalars.map { scalar in
        let usual = colours[scalar.title].flatMap { taken.contains($0) ? nil : $0 }
        let colour = usual ?? (0..<scalars.count).first { !taken.contains($0) } ?? 0
        taken.insert(colour)
        colours[scalar.title] = colours[scalar.title] ?? colour
        return Chart.Series(name: scalar.title, style: Chart.style(colour), curve: history[scalar].curve)
      }
      let units = Set(scalars.map(\.unit))
      let unit = (units.count == 1 ? scalars[0].unit : nil).map { ", " + $0 } ?? ""
      let areProbabilities = scalars.allSatisfy(\.isProbability)
      return Chart(
        title: scalars[0].group.title + unit, series: series, leastRange: areProbabilities ? 0...1 : nil,
        levels: [Chart.Level(value: areProbabilities ? 0.5 : 0)], marks: notes.marks)
    }
    let speed = Chart.Series(
      name: "samples per second", style: Chart.style(2), curve: history[.samplesPerSecond].curve)
    return groups + [
      Chart(title: "Training samples per second", series: [speed], leastRange: 0...1, marks: notes.marks)
    ]
  }

  private var earlierSamples: String {
    let figures = gallery.earlier
    guard !figures.isEmpty else { return "" }
    return "<h2>Samples over time</h2>\n<div class=\"earlier\">\n\(figures.joined(separator: "\n"))\n</div>"
  }

  private var settings: String {
    var cards: [String] = []
    if case .object(let members)? = history.start {
      let shown = members.filter { !["event", "step", "run", "scalars"].contains($0.key) }
      cards += SettingsTable(.object(shown)).groups.map { Self.card($0, title: "This run") }
    }
    switch recipe {
    case .success(let value):
      cards += SettingsTable(value).groups.map { Self.card($0, title: $0.name.isEmpty ? "recipe.json" : $0.name) }
    case .failure(let error):
      cards.append("<div class=\"card\"><p class=\"empty\">\("\(error)".htmlEscaped)</p></div>")
    }
    return "<div class=\"settings\">\(cards.joined(separator: "\n"))</div>"
  }

  private static func card(_ group: SettingsTable.Group, title: String) -> String {
    let rows = group.rows.map { row in
      let name = row.name.replacing("_", with: " ").htmlEscaped.replacing(".", with: ".<wbr>")
      return "<tr><th>\(name)</th><td>\(row.value.htmlEscaped)</td></tr>"
    }
    return "<div class=\"card\"><h3>\(title.htmlEscaped)</h3><table class=\"rows\">\(rows.joined())</table></div>"
  }
}
