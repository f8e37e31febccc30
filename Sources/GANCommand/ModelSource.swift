import Files
import GAN

/// The file of the model that `source` names: a run's folder, or the file itself.
///
/// - Throws: `FileError` if there is no such file, or the folder is not a run's; ``TrainingError`` if the run has saved no model yet.
func modelFile(of source: String) throws -> String {
  guard FileSystem.exists(source) else { throw FileError(source, "there is no such run folder or generator file") }
  guard FileSystem.isFolder(source) else { return source }
  let run = try RunDirectory.reading(source)
  if let file = run.models.first(where: FileSystem.exists) { return file }
  let every = try RunRecord(contentsOf: run.recipe).run.checkpointEvery
  throw TrainingError(
    "\(run.path) has saved no model yet: a run saves it every \(every) steps, at its end, and when it receives SIGUSR1")
}
