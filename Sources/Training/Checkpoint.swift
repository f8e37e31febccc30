import Files
import Foundation
import Torch

/// Where a run stands besides its tensors.
package struct Progress: Codable, Equatable {
  /// Steps done.
  package var step = 0
  /// Batches of data taken.
  package var batches = 0
  /// How often training was rolled back: part of the address of all random numbers.
  package var attempt = 0
  /// The breakdowns that the run has not got past.
  package var breakdowns: Breakdowns?
  /// Training time, in seconds.
  package var seconds = 0.0
  /// What a run that is limited by time knows of its pace; nil if it needs none, and in checkpoints of earlier builds.
  package var planning: Planning?
  /// What evaluations found.
  package var evaluations = EvaluationHistory()
  /// What the alarms have seen.
  var alarms: Alarms

  /// A run at its beginning.
  package init(alarms: Alarms = Alarms([])) { self.alarms = alarms }
}

/// Breakdowns without progress between them.
package struct Breakdowns: Codable, Equatable {
  /// How often training was rolled back since it last got past ``furthest``.
  package var count: Int
  /// The furthest step at which it broke down.
  package var furthest: Int

  /// Adds a breakdown at `step` to those before, of which there may be none.
  init(adding step: Int, to former: Breakdowns?) {
    count = (former?.count ?? 0) + 1
    furthest = max(former?.furthest ?? 0, step)
  }
}

/// The whole state of a game in a safetensors file with a checksum.
package enum Checkpoint {
  private static let format = "swift-gan checkpoint 2"

  /// Writes the file whole or not at all.
  ///
  /// - Throws: ``NonFiniteError`` rather than save what is not finite; `FileError` when the disk is full.
  package static func write(_ game: any Game, _ progress: Progress, to path: String) throws {
    if let name = game.firstNonFinite() { throw NonFiniteError(what: name) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let metadata = [
      "format": format, "swift_gan": packageVersion,
      "progress": String(decoding: try encoder.encode(progress), as: UTF8.self),
    ]
    try SafetensorsWriter.write(
      game.tensors.map { SafetensorsWriter.Item($0.name, $0.tensor) }, metadata: metadata, to: path, checksum: true)
  }

  /// Overwrites the state of `game`, made by the same recipe, with the file's.
  ///
  /// - Throws: `FileError` that says what is wrong with the file; the game is unchanged then.
  package static func read(_ path: String, into game: any Game) throws(FileError) -> Progress {
    let file = try SafetensorsFile(path)
    guard file.metadata["format"] == format, let text = file.metadata["progress"] else {
      throw FileError(path, "this is not a checkpoint of this version of swift-gan")
    }
    try file.verifyChecksum()
    let decoder = JSONDecoder()
    decoder.userInfo[Alarms.key] = game.alarms
    guard let progress = try? decoder.decode(Progress.self, from: Data(text.utf8)) else {
      throw FileError(path, "the checkpoint's 'progress' cannot be read: \(text)")
    }
    let targets = game.tensors
    guard Set(targets.map(\.name)) == Set(file.entries.map(\.name)) else {
      throw FileError(path, "the checkpoint belongs to another recipe: its tensors do not fit this game")
    }
    var loaded: [(Tensor, Tensor)] = []
    for (name, tensor) in targets {
      let saved = try file.tensor(name)
      guard saved.shape == tensor.shape, saved.dtype == tensor.dtype else {
        throw FileError(path, "\(name) is \(saved.summary) and should be \(tensor.summary)")
      }
      loaded.append((tensor, saved))
    }
    withoutGradient { for (tensor, saved) in loaded { tensor.copy(from: saved) } }
    return progress
  }
}
