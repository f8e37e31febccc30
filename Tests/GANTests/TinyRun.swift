import Foundation
import GAN
import Testing

/// Calls `body` with a fresh folder, which is removed afterwards.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.path + "/swift-gan-game-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  let outcome = Result { try body(folder) }
  try FileManager.default.removeItem(atPath: folder)
  try outcome.get()
}

/// 40 grey pictures of 12x12 pixels, written to an `.npy` file in `folder` and read from there.
func tinyPictures(in folder: String, count: Int = 40) throws -> Dataset {
  let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(count), 12, 12, 1), }"
  let padded = header + String(repeating: " ", count: 128 - 11 - header.utf8.count) + "\n"
  var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(padded.utf8.count), 0] + Array(padded.utf8)
  for index in 0..<(count * 144) { bytes.append(UInt8(truncatingIfNeeded: index &* 2_654_435_761 >> 13)) }
  let path = folder + "/pictures.npy"
  try Data(bytes).write(to: URL(fileURLWithPath: path))
  return try DataSource(path).load(.train, options: LoadOptions(environment: ["HOME": folder]))
}

/// A recipe of tiny networks and batches of 8, changed by `assignments` such as "update=simultaneous".
func tinyRecipe(_ network: NetworkKind, _ assignments: [String] = []) throws -> AdversarialRecipe {
  var recipe = AdversarialRecipe("tiny", purpose: "tests", network: network, steps: 5)
  try recipe.set(all: ["base_width=4", "latent_size=8", "batch=8", "precision=float32"] + assignments)
  return recipe
}

extension Recipe {
  /// Sets `key=value` pairs, as `--set` does.
  mutating func set(all assignments: [String]) throws {
    for assignment in assignments {
      let parts = assignment.split(separator: "=").map(String.init)
      try set(parts[0], parts[1])
    }
  }
}

/// What is asked of a run on pictures of ``tinyPictures(in:count:)``, on one thread.
func tinySettings(_ data: Dataset, checkpointEvery: Int = 500) -> RunSettings {
  var settings = RunSettings(data: data.name, threads: 1)
  settings.checkpointEvery = checkpointEvery
  return settings
}

extension Tensor {
  /// The elements' bytes in row-major order.
  var bits: [UInt8] { detached().contiguous().withUnsafeBytes { Array($0) } }
}

extension Game {
  /// The bits of every tensor by name.
  var bits: [String: [UInt8]] { Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.tensor.bits) }) }
}

/// Expects both games to be equal in every bit, and names the tensors that are not.
func expectEqual(_ a: [String: [UInt8]], _ b: [String: [UInt8]], _ comment: Comment? = nil) {
  #expect(a.keys.sorted() == b.keys.sorted(), comment)
  let different = a.keys.filter { a[$0] != b[$0] }.sorted()
  #expect(different.isEmpty, comment)
}

/// The sentence of the error that `body` throws; nil when it throws none.
func sentence(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)"
  }
}

/// A batch of images and, where there are any, the class of each.
func labelled(_ images: Images, classes: Tensor? = nil) -> Batch {
  let batch = Batch(count: images.count).with(.images, images)
  return classes.map { batch.with(.classes, Classes($0)) } ?? batch
}

extension Scalars {
  var lossDiscriminator: Double { self[.lossDiscriminator] ?? .nan }
  var lossGenerator: Double { self[.lossGenerator] ?? .nan }
  var scoreReal: Double { self[.scoreReal] ?? .nan }
  var scoreFake: Double { self[.scoreFake] ?? .nan }
  var gradientGenerator: Double { self[.gradientGenerator] ?? .nan }
}

extension Trainer {
  /// The game of a run that was begun by an ``AdversarialRecipe``.
  var adversarial: AdversarialGame {
    guard let game = game as? AdversarialGame else { preconditionFailure("the run plays another game") }
    return game
  }
}
