import Files
import GAN

/// The file of the model that `source` names: a run's folder, or the file itself.
///
/// - Throws: `FileError` when the folder is none of a run; ``TrainingError`` when the run has saved nothing yet.
func modelFile(of source: String) throws -> String {
  guard FileSystem.isFolder(source) else { return source }
  let run = try RunDirectory.reading(source)
  if let file = run.models.first(where: FileSystem.exists) { return file }
  let every = try RunRecord(contentsOf: run.recipe).run.checkpointEvery
  throw TrainingError(
    "\(run.path) has saved nothing yet: a run writes its model every \(every) steps, when it ends, and when it gets the "
      + "signal USR1")
}
