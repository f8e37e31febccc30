/// What the folder of a training run is known by.
package enum RunFolder {
  /// The file with everything that repeats the run.
  package static let recipe = "recipe.json"
  /// The file of its events.
  package static let log = "log.jsonl"
  /// The folder of its checkpoints.
  package static let checkpoints = "checkpoints"

  /// Whether a folder that holds these `names` is a run.
  package static func isRun(_ names: [String]) -> Bool {
    names.contains(recipe) && (names.contains(log) || names.contains(checkpoints))
  }
}
