import Files
import Glibc

/// The part of the page that says how good the generator is, how it was evaluated, and what that cost.
struct QualitySection {
  let run: RunDirectory
  let evaluations: [EvaluationRecord]
  let marks: [Chart.Mark]

  var html: String { "<h2>How good it is</h2>\n" + (evaluations.isEmpty ? empty : judged) }

  /// The command that evaluates a run against its training data.
  static func command(for run: RunDirectory) -> String { "gan evaluate \(run.path.shellQuoted)" }

  private var empty: String {
    """
    <p class="empty">This run was not judged while it trained: the command above judges its generator.</p>
    \(pictures)
    """
  }

  private var judged: String {
    """
    <div class="charts">
    \(charts.map(\.html).joined(separator: "\n"))
    </div>
    <div class="judged">
    \(ScoreTable(newest: evaluations.last, best: evaluations.last { $0.isBest }, cost: cost).html)
    \(pictures)
    </div>
    """
  }

  private var charts: [Chart] {
    return MetricSeries.series(of: evaluations).map { metric, all in
      let newest = all.map(\.newest)
      let lines = all.enumerated().map { index, series in
        let distinction = series.newest.distinction(among: newest)
        return Chart.Series(
          name: distinction.isEmpty ? "newest" : distinction, style: Chart.style(index + 3),
          curve: series.curve, rings: series.rings)
      }
      let levels = all.compactMap { series in
        series.newest.floor.map { floor in
          let whose = all.count == 1 ? "" : ", " + series.newest.distinction(among: newest)
          return Chart.Level(value: floor, text: "held-out data" + whose)
        }
      }
      let floors = levels.map(\.value).filter(\.isFinite)
      return Chart(
        title: metric, series: lines, leastRange: min(0, floors.min() ?? 0)...max(0, floors.max() ?? 0),
        levels: levels, marks: marks)
    }
  }

  private var cost: String {
    guard let last = evaluations.last, last.totalCost.isFinite else { return "" }
    let times = evaluations.count == 1 ? "one evaluation" : "\(Wording.grouped(evaluations.count)) evaluations"
    let share = last.seconds > 0 ? ", \(Wording.fixed(100 * last.totalCost / last.seconds, 1)) % of training time" : ""
    let spent = last.totalCost < 9.95 ? Wording.fixed(last.totalCost, 1) + " s" : Wording.duration(last.totalCost)
    return "Evaluation took \(spent) in \(times)\(share)."
  }

  private var pictures: String {
    let shown = [
      (
        run.nearestPictures, "Nearest pictures",
        "Generated pictures (left) and the training pictures nearest to them (right)."
      ),
      (run.classPictures, "Pictures by class", "Generated pictures, one row per class that the classifier predicts."),
      (run.worstPictures, "Worst pairs", worst),
      (
        run.groupPictures, "Groups that were found",
        "The first groups (24 at most), two in a row: four training pictures of each, then four generated ones. "
          + "gan sample --class K draws one group."
      ),
    ]
    .filter { FileSystem.exists($0.0) }
    .map { EmbeddedPicture(path: $0.0, side: 1024, name: $0.1, caption: $0.2).html }
    return shown.isEmpty ? "" : "<div class=\"pairs\">\(shown.joined(separator: "\n"))</div>"
  }

  /// What stands below the worst pairs: which they are, with their values.
  private var worst: String {
    let meaning = "The worst held-out pairs, the worst one first: source, result, truth."
    guard let worst = evaluations.last?.worst else { return meaning }
    let pairs = zip(worst.places, worst.values).map { place, value in
      "\(value.isFinite ? Wording.fixed(value, 3) : "-") (pair \(Wording.grouped(place + 1)))"
    }
    return "\(meaning) \(worst.metric): \(pairs.joined(separator: ", "))."
  }
}
