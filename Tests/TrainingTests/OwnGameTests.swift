import Datasets
import Files
import Foundation
import NN
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
    case .sampled(let step, _, _): "sampled \(step)"
    case .finished(let end): "\(end.step) \(end.samples) \(end.reason)"
    default: "\(type(of: event))"
    }
  }

  /// A trainer of `game` that reads what steps found every so many steps.
  private func trainer(_ game: Quadratic, _ folder: String, stepsBetweenReads: Int) throws -> Trainer {
    let trainer = try Trainer(
      game, named: "quadratic", training, data: data(), run: .create(folder), settings: settings())
    trainer.stepsBetweenReads = stepsBetweenReads
    return trainer
  }

  /// What a run of `game` tells, and what it leaves behind.
  private func played(_ game: Quadratic, _ folder: String, stepsBetweenReads: Int) throws -> (
    told: [String], bits: [String: [UInt8]]
  ) {
    var told: [String] = []
    try trainer(game, folder, stepsBetweenReads: stepsBetweenReads).run { event in
      told.append(self.told(event))
      return .continue
    }
    return (told, bits(game))
  }

  /// A device is not asked what a step found until that is needed. Whether that is at once or later, a run tells the same, and
  /// one that breaks down goes back to the same. A buffer that the broken step spoilt is good again when somebody looks later,
  /// so that it is no reason.
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
            var loss = game.loss(turn)
            if turn.step == 6, breakdowns > 0 {
              breakdowns -= 1
              loss = Loss(loss.tensor * Double.infinity)
            }
            withoutGradient { game.vector.seen.copy(from: loss.tensor.detached()) }
            return loss
          }
        ]
      })
      let found = try played(game, folder, stepsBetweenReads: stepsBetweenReads)
      return (found.told, found.bits, turns)
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

  /// An optimizer that evaluates the loss itself finds at once that a step has broken down. The steps before it are told first.
  @Test func stepsBeforeOneThatBreaksDownAtOnceAreTold() throws {
    func play(_ folder: String, _ stepsBetweenReads: Int) throws -> (told: [String], bits: [String: [UInt8]]) {
      var (evaluations, breakdowns) = (0, 1)
      let game = Quadratic(
        Quadratic.settings(.adam, 0.5), optimizer: { LBFGS($0, iterations: 3) },
        phases: { game in
          [
            Phase("toward", moves: game.player) { [unowned game] turn in
              evaluations += turn.step == 7 ? 1 : 0
              guard evaluations == 2, breakdowns > 0 else { return game.loss(turn) }
              breakdowns -= 1
              return Loss(game.loss(turn).tensor * Double.infinity)
            }
          ]
        })
      return try played(game, folder, stepsBetweenReads: stepsBetweenReads)
    }
    try withFolder { folder in
      let (atOnce, later) = (try play(folder + "/at-once", 1), try play(folder + "/later", 100))
      #expect(atOnce.told == later.told)
      #expect(atOnce.bits == later.bits)
      #expect(atOnce.told.contains("7 to 5, 1: the vector's loss is not finite"), "\(atOnce.told)")
      #expect(later.told.filter { $0.hasPrefix("7 56 ") }.count == 2, "step 7 is played again")
    }
  }

  private struct Interruption: Error {}

  /// An error of the observer ends the telling half-way. The next run goes on with the step after it.
  @Test func anObserverThatThrowsLosesNoStep() throws {
    try withFolder { folder in
      let trainer = try trainer(Quadratic(), folder + "/cut", stepsBetweenReads: 100)
      var told: [Int] = []
      func observe(_ event: TrainingEvent) throws -> TrainingResponse {
        guard case .stepped(let step) = event else { return .continue }
        told.append(step.step)
        if told == [1, 2, 3] { throw Interruption() }
        return .continue
      }
      #expect(throws: Interruption.self) { try trainer.run(observe) }
      #expect(told == [1, 2, 3])
      let end = try trainer.run(observe)
      #expect(told == Array(1...12) && end.step == 12 && end.reason == .completed)
      let whole = try played(Quadratic(), folder + "/whole", stepsBetweenReads: 1)
      #expect(bits(trainer.game) == whole.bits)
    }
  }

  /// A step that fails half-way leaves the game as nobody knows; the steps before it are whole and told.
  @Test func stepsBeforeOneThatFailsAreTold() throws {
    try withFolder { folder in
      let game = Quadratic(phases: { game in
        [
          Phase("toward", moves: [game.player]) { [unowned game] turn in
            if turn.step == 7 { throw Interruption() }
            return .losses([(game.player, game.loss(turn))])
          }
        ]
      })
      let trainer = try trainer(game, folder + "/run", stepsBetweenReads: 100)
      var told: [Int] = []
      #expect(throws: Interruption.self) {
        try trainer.run { event in
          if case .stepped(let step) = event { told.append(step.step) }
          return .continue
        }
      }
      #expect(told == Array(1...7))
      #expect(sentence { try trainer.run() }?.contains("failed half-way") == true)
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
