// The game itself, without recipe, trainer or run folder (Goodfellow et al. 2014, algorithm 1): two networks learn a ring
// of eight Gaussians in the plane, and textbook-game.png shows what came out: swift run textbook-game [STEPS]
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

  func callAsFunction(_ x: Tensor) -> Tensor {
    third(second(first(x).leakyReLU(0.2)).leakyReLU(0.2))
  }
}

let steps = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 4000
let (batch, latentSize) = (256, 16)

let data = try DataSource("ring8").load(.train)
let loader = try BatchLoader(data, batchSize: batch, seed: 1)
let objective = NonSaturating()

let generator = Network(inputs: latentSize, outputs: 2, seed: 1)
let discriminator = Network(inputs: 2, outputs: 1, seed: 2)
let generatorOptimizer = Adam(generator.state.parameters, learningRate: 3e-4, betas: (0.5, 0.999))
let discriminatorOptimizer = Adam(discriminator.state.parameters, learningRate: 3e-4, betas: (0.5, 0.999))

for step in 0..<steps {
  let real = Batch(try loader.next())[.images].tensor.flattened()
  let latents = Tensor.normalRows(count: batch, size: latentSize, seed: derivedSeed(1, UInt64(step)))

  // D's turn: what it judges is cut off from the generator.
  let fake = generator(latents).detached()
  let lossD = objective.discriminatorLoss(real: Scores(discriminator(real)), fake: Scores(discriminator(fake)))
  discriminatorOptimizer.step(gradients(of: lossD.tensor, with: discriminator.state.parameters))

  // G's turn, against the D that has just moved: gradients are asked of G's parameters alone.
  let lossG = objective.generatorLoss(fake: Scores(discriminator(generator(latents))))
  generatorOptimizer.step(gradients(of: lossG.tensor, with: generator.state.parameters))

  if step % 500 == 0 { print("step \(step): D loses \(lossD.value), G loses \(lossG.value)") }
}

let numbers = withoutGradient {
  generator(Tensor.normalRows(count: 2000, size: latentSize, seed: 99)).array(of: Float.self)
}
let generated = stride(from: 0, to: numbers.count, by: 2).map { ScatterPlot.Point(numbers[$0], numbers[$0 + 1]) }
try ScatterPlot.picture(data: data.points(2000), generated: generated).write(to: "textbook-game.png")
print("2000 points in textbook-game.png")
