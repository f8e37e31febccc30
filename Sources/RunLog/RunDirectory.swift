import Files
import Glibc
import Pictures

/// The folder that a training run writes, and what lies where in it:
///
/// ```
/// recipe.json  log.jsonl  samples/step-000000500.png  samples.png  generator.safetensors
/// checkpoints/step-000001000.safetensors  report.html
/// ```
///
/// The folder is locked as long as the object lives, except where it comes from ``reading(_:)``.
public final class RunDirectory: Sendable {
  /// The folder's path, without a slash at its end.
  public let path: String
  // FileLock holds one number that never changes.
  private nonisolated(unsafe) let lock: FileLock?
  /// The folder that was locked, wherever it goes.
  private let identity: FileStatus.Identity?

  private init(_ path: String, lock: FileLock?) {
    self.path = path
    self.lock = lock
    identity = lock == nil ? nil : FileStatus.at(path)?.identity
  }

  /// Whether the folder that was locked is still at ``path``, and not another one or nothing.
  public var isInPlace: Bool { identity == nil || FileStatus.at(path)?.identity == identity }

  /// Makes sure of it before something is written.
  ///
  /// - Throws: `FileError` when the folder was moved or removed.
  public func verifyInPlace() throws(FileError) {
    guard isInPlace else { throw FileError(path, "the run folder is gone: it was moved or removed") }
  }

  /// Makes the folder of a new run and locks it. An empty folder is taken as it is.
  ///
  /// - Throws: `FileError` when the folder is a run already, holds anything else, or cannot be made.
  public static func create(_ path: String) throws(FileError) -> RunDirectory {
    let path = trimmed(path)
    try FileSystem.createFolder(path)
    try refuseUnlessEmpty(path)
    let run = RunDirectory(path, lock: try takeLock(path))
    // Another process may have begun a run here before the lock was ours.
    try refuseUnlessEmpty(path)
    try FileSystem.createFolder(run.samplesFolder)
    try FileSystem.createFolder(run.checkpointsFolder)
    return run
  }

  /// Opens the folder of a run to resume the run, locks it, and clears away what a killed process left half-written.
  ///
  /// - Throws: `FileError` when it is no run folder or another process has it; the error names the process.
  public static func open(_ path: String) throws(FileError) -> RunDirectory {
    let path = try checkedRun(path)
    let run = RunDirectory(path, lock: try takeLock(path))
    try FileSystem.createFolder(run.samplesFolder)
    try FileSystem.createFolder(run.checkpointsFolder)
    for folder in [path, run.samplesFolder, run.checkpointsFolder] { AtomicFile.removeLeftovers(in: folder) }
    return run
  }

  /// Opens the folder of a run that may be in use, without locking it; only its report may be written.
  ///
  /// - Throws: `FileError` when it is no run folder.
  public static func reading(_ path: String) throws(FileError) -> RunDirectory {
    RunDirectory(try checkedRun(path), lock: nil)
  }

  /// Makes, and locks, the first folder of `folder/name`, `folder/name-2`, `folder/name-3`, ... that does not exist.
  ///
  /// - Throws: `FileError` when it cannot be made.
  public static func next(in folder: String, name: String) throws(FileError) -> RunDirectory {
    let folder = trimmed(folder)
    try FileSystem.createFolder(folder)
    var number = 1
    while true {
      let path = "\(folder)/\(name)" + (number == 1 ? "" : "-\(number)")
      // mkdir decides which of two processes gets the name.
      if path.withPathBytes({ mkdir($0, 0o755) }) == 0 { return try create(path) }
      guard errno == EEXIST else { throw FileError.system(path, "create the run folder") }
      number += 1
    }
  }

  /// The file with everything that repeats the run.
  public var recipe: String { path + "/" + RunFolder.recipe }
  /// The file of the ``EventLog``.
  public var log: String { path + "/" + RunFolder.log }
  /// The folder of the sample grids.
  public var samplesFolder: String { path + "/samples" }
  /// The newest sample grid.
  public var newestSample: String { newestSample("png") }
  /// The newest preview, in a file of this kind.
  package func newestSample(_ fileExtension: String) -> String { "\(path)/samples.\(fileExtension)" }
  /// The averaged generator, the file to ship.
  public var generator: String { path + "/generator.safetensors" }
  /// The model to ship, by the names that it can have.
  public var models: [String] { [generator, path + "/model.safetensors"] }
  /// The model at the best evaluation so far.
  public var best: String { path + "/best.safetensors" }
  /// Generated pictures beside the training pictures nearest to them, at the newest evaluation.
  public var nearestPictures: String { path + "/nearest.png" }
  /// Generated pictures in rows by the class that the judge reads, at the newest evaluation.
  public var classPictures: String { path + "/classes.png" }
  /// Pictures of each group that was found in data without labels, and generated ones of it.
  public var groupPictures: String { path + "/groups.png" }
  /// The worst held-out pairs, each result between its source and the truth, at the newest evaluation.
  public var worstPictures: String { path + "/worst.png" }
  /// What was found in the data before the first step, such as groups.
  package var derivedColumns: String { path + "/columns.safetensors" }
  /// The folder of the checkpoints.
  public var checkpointsFolder: String { path + "/" + RunFolder.checkpoints }
  /// The file that ``Report`` writes.
  public var report: String { path + "/report.html" }
  /// The sample grid of `step`.
  public func sample(step: Int) -> String { sample(step: step, "png") }
  /// The preview of `step`, in a file of this kind.
  package func sample(step: Int, _ fileExtension: String) -> String {
    samplesFolder + "/" + Self.stepName(step, fileExtension)
  }
  /// The checkpoint of `step`.
  public func checkpoint(step: Int) -> String { checkpointsFolder + "/" + Self.stepName(step, "safetensors") }

  /// A file that belongs to a step of the run.
  public struct StepFile: Sendable, Equatable {
    /// Steps done when the file was written.
    public let step: Int
    /// The file's path.
    public let path: String
  }

  /// The checkpoints, newest first.
  ///
  /// - Throws: `FileError` when the folder cannot be read.
  public func checkpoints() throws(FileError) -> [StepFile] {
    try Self.stepFiles(in: checkpointsFolder, suffix: "safetensors")
  }

  /// The sample grids, newest first.
  ///
  /// - Throws: `FileError` when the folder cannot be read.
  public func samples() throws(FileError) -> [StepFile] {
    try Self.stepFiles(in: samplesFolder, suffix: "png")
  }

  /// Removes all checkpoints but the `count` newest of those that are not after `step`. Later ones stay and do not count:
  /// a run that resumed because they are damaged must not give up sound ones for them.
  ///
  /// - Throws: `FileError` when one cannot be removed.
  public func prune(keeping count: Int, notAfter step: Int = .max) throws(FileError) {
    let reached = try checkpoints().filter { $0.step <= step }
    for file in reached.dropFirst(count) where !FileSystem.remove(file.path) && errno != ENOENT {
      throw FileError.system(file.path, "remove the old checkpoint")
    }
  }

  /// Removes the folder of a run that could not begin. Whatever is in it besides the files of a beginning stays, and the
  /// folder with it.
  public func discard() {
    for file in [recipe, log, derivedColumns, checkpoint(step: 0), path + "/" + Self.lockName] {
      FileSystem.remove(file)
    }
    for folder in [samplesFolder, checkpointsFolder, path] { FileSystem.removeFolder(folder) }
  }
}

extension RunDirectory {
  private static let lockName = ".lock"

  private static func trimmed(_ path: String) -> String {
    var path = path
    while path.count > 1, path.last == "/" { path.removeLast() }
    return path
  }

  private static func checkedRun(_ path: String) throws(FileError) -> String {
    let path = trimmed(path)
    guard FileSystem.exists(path) else { throw FileError(path, "there is no such run folder") }
    guard FileSystem.exists(path + "/recipe.json") else {
      throw FileError(path, "this is not a run folder: it has no recipe.json; name the folder that `gan train` made")
    }
    return path
  }

  private static func takeLock(_ path: String) throws(FileError) -> FileLock {
    do throws(FileError) {
      return try FileLock(path + "/" + lockName)
    } catch {
      throw FileError(path, error.reason)
    }
  }

  /// A run that died before it wrote its recipe leaves a lock file and empty folders: nothing that one could lose.
  private static func refuseUnlessEmpty(_ path: String) throws(FileError) {
    let names = try FileSystem.names(in: path)
    if names.contains("recipe.json") {
      throw FileError(
        path,
        "this folder already holds a run; continue it with `gan resume \(path.shellQuoted)`, or choose another folder with --out"
      )
    }
    for name in names where name != lockName {
      let isOwnFolder = name == "samples" || name == "checkpoints"
      guard isOwnFolder, try FileSystem.names(in: path + "/" + name).isEmpty else {
        throw FileError(
          path, "this folder holds other files, such as \(name); choose a new or empty one with --out")
      }
    }
  }

  private static func stepName(_ step: Int, _ suffix: String) -> String {
    let digits = "\(step)"
    return "step-" + String(repeating: "0", count: max(0, 9 - digits.count)) + digits + "." + suffix
  }

  private static func stepFiles(in folder: String, suffix: String) throws(FileError) -> [StepFile] {
    try FileSystem.names(in: folder)
      .compactMap { name in
        guard name.hasPrefix("step-"), name.hasSuffix("." + suffix),
          let step = Int(name.dropFirst(5).dropLast(suffix.count + 1)), name == stepName(step, suffix)
        else { return nil }
        return StepFile(step: step, path: folder + "/" + name)
      }
      .sorted { $0.step > $1.step }
  }
}
