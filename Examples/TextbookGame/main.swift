// A game of your own: the textbook's two players (Goodfellow et al. 2014, algorithm 1) learn a ring of eight Gaussians. The
// trainer does the rest: run folder, checkpoints, previews, evaluations, report. A second call goes on where the first ended:
// swift run textbook-game [STEPS]
import GAN

/// Three fully connected layers.
final class Network: Module {
  let state: StateDict
  private let first, second, third: Linear

  init(inputs: Int, outputs: Int, seed: UInt64) {
    state = StateDict(random: RandomGenerator(seed: seed))
    first = Linear(state.root / "first", inputs, 128)
    second = Linear(state.root / "second", 128, 128)
    third = Linear(state.root / "third", 128, outputs)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { third(second(first(x).leakyReLU(0.2)).leakyReLU(0.2)) }
}

/// The generator as a model to ship: it takes 16 random numbers and gives a point of the plane.
final class PointGenerator: Model {
  static let latentSize = 16
  let network = Network(inputs: latentSize, outputs: 2, seed: 1)
  var state: StateDict { network.state }
  let blueprint = Blueprint(
    "textbook", inputs: [.latents(latentSize)],
    output: .samples(.points, SampleShape(channels: 2, height: 1, width: 1)))

  func callAsFunction(_ input: Batch, _ pass: Pass) -> Batch {
    Batch(count: input.count).with(.images, Images(network(input[.latents].tensor).reshaped(-1, 2, 1, 1)))
  }
}

final class TextbookGame: Game {
  let generator = PointGenerator()
  let discriminator = Network(inputs: 2, outputs: 1, seed: 2)
  let objective = NonSaturating()
  let players: [Player]
  var product: any Model { generator }

  init() {
    var settings = PlayerSettings()  // Adam, betas 0.5 and 0.999
    settings.learningRate = 3e-4
    players = [Player("generator", generator, settings), Player("discriminator", discriminator, settings)]
  }

  func phases(at step: Int) -> [Phase] {
    [
      Phase("d", moves: players[1]) { [unowned self] turn in
        let fake = withoutGradient { generator.network(turn.latents(size: PointGenerator.latentSize)) }
        return objective.discriminatorLoss(
          real: Scores(discriminator(turn.batch[.images].tensor.flattened())), fake: Scores(discriminator(fake)))
      },
      Phase("g", moves: players[0], sameBatch: true) { [unowned self] turn in
        let fake = generator.network(turn.latents(size: PointGenerator.latentSize, ofPhase: 0))
        return objective.generatorLoss(fake: Scores(discriminator(fake)))
      },
    ]
  }
}

let source = try DataSource("ring8")
let (data, heldOut) = (try source.load(.train), try source.load(.test))
var training = TrainingSettings(steps: 4000)
(training.batch, training.precision) = (256, .float32)
var settings = RunSettings(data: "ring8")
settings.judging.every = 2000

let folder = "runs/textbook-game"
let trainer =
  if let run = try? RunDirectory.open(folder) {
    try Trainer(resuming: run, data: data, heldOut: heldOut, playing: { _ in TextbookGame() })
  } else {
    try Trainer(
      TextbookGame(), named: "textbook-game", training, data: data, heldOut: heldOut, run: .create(folder),
      settings: settings)
  }
let steps = CommandLine.arguments.dropFirst().first.flatMap { Int($0) }
let end = try trainer.run(until: steps.map { .steps($0) }, ProgressBar.standardError().observe)
print("\(end.reason) at step \(end.step): see \(folder)/report.html")
