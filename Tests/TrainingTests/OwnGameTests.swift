import Datasets
import Files
import Foundation
import RunLog
import Samples
import Testing
import Torch
import Training

/// A program's own game and network, with the trainer, the run folder and the files of every other.
@Suite struct OwnGameTests {
  private func data() throws -> Dataset {
    try Dataset(
      name: "numbers",
      columns: [
        .pictures([UInt8](repeating: 7, count: 40), SampleShape(channels: 1, height: 1, width: 1)),
        .labels((0..<40).map { Int32($0 % 5) }),
      ])
  }

  private var training: TrainingSettings {
    var training = TrainingSettings(steps: 12)
    (training.batch, training.precision) = (8, .float32)
    return training
  }

  private func settings() -> RunSettings {
    var settings = RunSettings(data: "numbers", threads: 1)
    settings.checkpointEvery = 5
    settings.judging.every = 0
    return settings
  }

  private func bits(_ game: any Game) -> [String: [UInt8]] {
    Dictionary(
      uniqueKeysWithValues: game.tensors.map {
        ($0.name, $0.tensor.detached().contiguous().withUnsafeBytes { Array($0) })
      })
  }

  @Test func aRunThatIsResumedEqualsOneThatNeverStopped() throws {
    try withFolder { folder in
      let whole = try Trainer(
        Quadratic(), named: "quadratic", training, data: data(), run: .create(folder + "/whole"), settings: settings())
      try whole.run()
      // The run folder is locked as long as its trainer lives.
      try Trainer(
        Quadratic(), named: "quadratic", training, data: data(), run: .create(folder + "/part"), settings: settings()
      ).run(until: .steps(7))
      let resumed = try Trainer(
        resuming: .open(folder + "/part"), data: data(),
        playing: { record in
          #expect(record.game == "quadratic" && record.recipe == "quadratic")
          return Quadratic()
        })
      #expect(resumed.training == training)
      try resumed.run(until: .steps(12))
      #expect(bits(resumed.game) == bits(whole.game))
      #expect(bits(whole.game)["turns"] != nil, "the memory of a game is in its checkpoints")
      // Another game's tensors are refused.
      try Trainer(
        Quadratic(), named: "quadratic", training, data: data(), run: .create(folder + "/other"), settings: settings()
      ).run(until: .steps(1))
      #expect(throws: TrainingError.self) {
        _ = try Trainer(
          resuming: .open(folder + "/other"), data: data(),
          playing: { _ in
            Quadratic(Quadratic.settings(.sgd))
          })
      }
    }
  }

  /// What a run tells, but for times.
  private func told(_ event: TrainingEvent) -> String {
    switch event {
    case .stepped(let step): "\(step.step) \(step.samples) \(step.scalars)"
    case .rolledBack(let from, let to, let attempt, let reason): "\(from) to \(to), \(attempt): \(reason)"
    case .checkpointed(let step, _, _): "checkpoint \(step)"
    case .sampled(let step, _): "sampled \(step)"
    case .finished(let end): "\(end.step) \(end.samples) \(end.reason)"
    default: "\(type(of: event))"
    }
  }

  /// A device is not asked what a step found until that is needed. Whether that is at once or later, a run tells the same, and
  /// one that breaks down goes back to the same.
  @Test func whatStepsFoundCanBeReadLater() throws {
    func play(_ folder: String, _ stepsBetweenReads: Int) throws -> (
      told: [String], bits: [String: [UInt8]], turns: Int
    ) {
      var breakdowns = 1
      var turns = 0
      let game = Quadratic(phases: { game in
        [
          Phase("toward", moves: game.player) { [unowned game] turn in
            turns += 1
            guard turn.step == 6, breakdowns > 0 else { return game.loss(turn) }
            breakdowns -= 1
            return Loss(game.loss(turn).tensor * Double.infinity)
          }
        ]
      })
      let trainer = try Trainer(
        game, named: "quadratic", training, data: data(), run: .create(folder), settings: settings())
      trainer.stepsBetweenReads = stepsBetweenReads
      var told: [String] = []
      try trainer.run { event in
        told.append(self.told(event))
        return .continue
      }
      return (told, bits(game), turns)
    }
    try withFolder { folder in
      let (atOnce, later) = (try play(folder + "/at-once", 1), try play(folder + "/later", 100))
      #expect(atOnce.told == later.told)
      #expect(atOnce.bits == later.bits)
      #expect(atOnce.told.contains("6 to 5, 1: the vector's loss is not finite"), "\(atOnce.told)")
      #expect(atOnce.told.filter { $0.hasPrefix("6 48 ") }.count == 2, "step 6 is played again")
      // Steps 7 to 10 were played before anybody looked, up to a checkpoint.
      #expect(later.turns == atOnce.turns + 3)
    }
  }

  @Test func theRunFolderHoldsWhatEveryRunHas() throws {
    try withFolder { folder in
      let trainer = try Trainer(
        Quadratic(), named: "quadratic", training, data: data(), run: .create(folder + "/run"), settings: settings())
      try trainer.run()
      for file in ["recipe.json", "log.jsonl", "model.safetensors", "samples.txt", "report.html"] {
        #expect(FileManager.default.fileExists(atPath: "\(folder)/run/\(file)"), "\(file)")
      }
      let log = String(decoding: try Data(contentsOf: URL(fileURLWithPath: trainer.run.log)), as: UTF8.self)
      #expect(log.contains("\"loss_vector\"") && log.contains("\"gradient_vector\""))
    }
  }

  @Test func itsModelIsReadBackByARegistryThatKnowsIt() throws {
    try withFolder { folder in
      let path = folder + "/model.safetensors"
      let written = Vector()
      try ModelFile.write(written, to: path)
      let registry = Registry().adding("vector") { Vector($0.settings["size"] ?? 0) }
      let read = try ModelFile.read(path, registry)
      #expect(read.blueprint == written.blueprint)
      let (a, b) = try (Sampler(written, seed: 3).drawn(5), Sampler(read, seed: 3).drawn(5))
      #expect(a == b && a.count == 15)
      #expect(sentence { _ = try ModelFile.read(path, Registry()) }?.contains("unknown network 'vector'") == true)
      // What judges look at has rows of channels, height and width.
      #expect(sentence { _ = try ModelSamples(Sampler(read, seed: 1), count: 3) } == nil)
    }
  }

  /// Steps 0, 2 and 4 take a batch of 8 each; the steps between take none.
  @Test func samplesAreCountedAsTheyAreTaken() throws {
    try withFolder { folder in
      let game = Quadratic(phases: { [$0.phase("lazy", every: 2)] })
      let end = try Trainer(
        game, named: "lazy", training, data: data(), run: .create(folder + "/run"), settings: settings()
      ).run(until: .samples(24))
      #expect(end.step == 5 && end.samples == 24)
    }
  }

  @Test func severalDataSetsFeedOneGame() throws {
    final class TwoSets: Game {
      let inner = Quadratic()
      let other: Dataset
      private(set) var seen: [[String]] = []
      init(_ other: Dataset) { self.other = other }
      var players: [Player] { inner.players }
      var product: any Model { inner.product }
      func feeds(of data: Dataset) throws -> [Feed] {
        [try Feed(data), try Feed(other, columns: ["images": "target"], views: [HorizontalFlip()])]
      }
      func phases(at step: Int) -> [Phase] {
        [
          Phase("toward", moves: inner.player) { [unowned self] turn in
            seen.append(turn.batch.names)
            return inner.loss(turn)
          }
        ]
      }
    }
    try withFolder { folder in
      let other = try Dataset(
        name: "other",
        columns: [.pictures([UInt8](repeating: 9, count: 9 * 16), SampleShape(channels: 1, height: 4, width: 4))])
      let game = TwoSets(other)
      try Trainer(game, named: "two", training, data: data(), run: .create(folder + "/run"), settings: settings())
        .run(until: .steps(2))
      #expect(game.seen == [["images", "classes", "target"], ["images", "classes", "target"]])
    }
  }
}

extension Sampler {
  /// Samples 0 ..< count as numbers.
  fileprivate func drawn(_ count: Int) throws -> [Float] {
    var numbers: [Float] = []
    try forEachBatch(count) { numbers += ($0["rows"] ?? .zeros([0])).detached().array(of: Float.self) }
    return numbers
  }
}
