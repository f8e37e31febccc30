import Files
import Foundation
import GAN
import Testing

@Suite struct CheckpointTests {
  private static let shape = SampleShape(channels: 1, height: 12, width: 12)

  private func game(_ seed: UInt64, _ assignments: [String] = []) throws -> AdversarialGame {
    try AdversarialGame(try tinyRecipe(.dcgan, assignments), shape: Self.shape, seed: seed)
  }

  private var progress: GAN.Progress {
    var progress = GAN.Progress(alarms: Alarms(AdversarialRecipe.dcgan.alarms))
    (progress.step, progress.batches, progress.attempt, progress.seconds) = (7, 15, 2, 0.1)
    return progress
  }

  @Test(arguments: [["average_decay=0"], [], ["generator.optimizer=sgd", "generator.momentum=0.9"]])
  func everyTensorComesBack(assignments: [String]) throws {
    try withFolder { folder in
      let (saved, other) = (try game(1, assignments), try game(2, assignments))
      try Checkpoint.write(saved, progress, to: folder + "/c")
      #expect(other.bits != saved.bits)
      #expect(try Checkpoint.read(folder + "/c", into: other) == progress)
      expectEqual(other.bits, saved.bits)
    }
  }

  @Test func everyDamageIsFoundAndChangesNothing() throws {
    try withFolder { folder in
      let (saved, other) = (try game(1), try game(2))
      let path = folder + "/c"
      try Checkpoint.write(saved, progress, to: path)
      let whole = try Data(contentsOf: URL(fileURLWithPath: path))
      let before = other.bits
      // Positions all over the file, each of the first bytes among them.
      let positions = Array(0..<40) + (0..<60).map { 40 + $0 * (whole.count - 41) / 59 }
      for position in positions {
        var flipped = whole
        flipped[position] ^= 1 << UInt8(position % 8)
        for damaged in [flipped, whole.prefix(position)] {
          try damaged.write(to: URL(fileURLWithPath: path))
          #expect(throws: FileError.self, "byte \(position)") { try Checkpoint.read(path, into: other) }
        }
      }
      expectEqual(other.bits, before)
    }
  }

  @Test func anotherRecipesCheckpointIsRefused() throws {
    try withFolder { folder in
      let path = folder + "/c"
      try Checkpoint.write(try game(1), progress, to: path)
      for assignments in [["base_width=5"], ["average_decay=0"], ["generator.optimizer=rmsprop"]] {
        let other = try game(1, assignments)
        #expect(throws: FileError.self) { try Checkpoint.read(path, into: other) }
      }
      try ModelFile.write(try game(1).generator, to: path)
      let said = sentence { _ = try Checkpoint.read(path, into: try game(1)) }
      #expect(said?.contains("not a checkpoint of this version") == true)
    }
  }

  /// Before, some weights lay in another order.
  @Test func anEarlierFormatIsRefused() throws {
    try withFolder { folder in
      let file = URL(fileURLWithPath: folder + "/c")
      try Checkpoint.write(try game(1), progress, to: file.path)
      var bytes = try Data(contentsOf: file)
      let format = try #require(bytes.range(of: Data("swift-gan checkpoint 2".utf8)))
      bytes.replaceSubrange(format, with: Data("swift-gan checkpoint 1".utf8))
      try bytes.write(to: file)
      let said = sentence { _ = try Checkpoint.read(file.path, into: try game(1)) }
      #expect(said?.contains("not a checkpoint of this version") == true)
    }
  }

  @Test(arguments: [Double.nan, .infinity]) func whatIsNotFiniteIsNotSaved(value: Double) throws {
    try withFolder { folder in
      let spoilt = try game(1)
      let tensor = try #require(spoilt.tensors.last { $0.name.hasPrefix("average.") && $0.tensor.dtype == .float32 })
      withoutGradient { tensor.tensor.fill(value) }
      let said = sentence { try Checkpoint.write(spoilt, progress, to: folder + "/c") }
      #expect(said == "\(tensor.name) is not finite")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  @Test func hugeButFiniteValuesAreSaved() throws {
    try withFolder { folder in
      let large = try game(1)
      withoutGradient { large.generator.state.parameters[0].fill(3e38) }
      try Checkpoint.write(large, progress, to: folder + "/c")
      #expect(try Checkpoint.read(folder + "/c", into: try game(2)) == progress)
    }
  }
}
