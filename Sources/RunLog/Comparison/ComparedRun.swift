import Files
import Glibc

/// A run as its folder has it.
struct ComparedRun {
  /// The folder as it was given.
  let folder: RunDirectory
  let history: LogHistory
  /// Every setting of `recipe.json` by its name, in the order of the file; but for the seed, and the plans, which follow from
  /// the load of the machine.
  let settings: [SettingsTable.Row]
  let seed: String?

  /// Reads the run at `path`, which may be in use.
  init(_ path: String) throws(FileError) {
    folder = try RunDirectory.reading(path)
    history = try LogHistory(contentsOf: folder.log)
    let recipe = try MappedFile(folder.recipe).withBytes { JSONValue(parsing: $0) }
    guard let recipe, case .object = recipe else {
      throw FileError(folder.recipe, "this is not a JSON object, so the run's settings cannot be compared")
    }
    let rows = SettingsTable(recipe).groups.flatMap { group in
      group.rows.map { row in
        // The recipe's settings go by the keys that --set takes.
        let isOutermost = ["", "settings", "run"].contains(group.name)
        return (
          group.name, SettingsTable.Row(name: isOutermost ? row.name : group.name + "." + row.name, value: row.value)
        )
      }
    }
    seed = rows.first { $0.0 == "run" && $0.1.name == "seed" }?.1.value
    settings = rows.filter { group, row in
      group != "run" || !["seed", "plans"].contains(row.name.prefix { $0 != "." })
    }
    .map(\.1)
  }

  /// The folder's last name.
  var name: String { folder.path.split(separator: "/").last.map(String.init) ?? folder.path }
  /// The folder's path without links or dots, by which two are known to be the same.
  var place: String { FileSystem.resolved(folder.path) ?? folder.path }

  var newest: EvaluationRecord? { history.evaluations.last }
  /// The evaluation of the generator that was kept as the best.
  var best: EvaluationRecord? { history.evaluations.last { $0.isBest } }
  /// The kinds of the alarms that were raised, in their order.
  var alarms: [String] { history.notes.compactMap(\.alarm?.kind) }
  var steps: Double { Double(max(history.steps.last ?? 0, history.end?["step"]?.integer ?? 0)) }
  var seconds: Double { history.end?["seconds"]?.double ?? history[.seconds].values.last ?? .nan }
  var samplesPerSecond: Double { history.samplesPerSecond ?? .nan }
}
