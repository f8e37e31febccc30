import Foundation
import NN
import RunLog
import Samples
import Testing
import Torch
import Training

/// What the engine makes of phases, in a game that has nothing of a GAN.
@Suite struct StepTests {
  @Test func aMoverGoesAlongTheGradientOfItsLoss() throws {
    let game = Quadratic(Quadratic.settings(.sgd, 0.25))
    let before = game.numbers
    let turn = derivedSeed(5, Purpose.latents.rawValue, 0, 0, 0)
    let noise = Tensor.normalRows(count: 4, size: 3, seed: turn).to(.float64).mean(axes: [0]).array(of: Double.self)
    _ = try game.play(0..<1)
    // The classes 0 to 3 have the mean 1.5, and the gradient is 2 (v − t).
    for (index, value) in game.numbers.enumerated() {
      let expected = before[index] - 0.5 * (before[index] - 1.5 - noise[index])
      #expect(abs(value - expected) < 1e-12)
    }
  }

  @Test func partsMakeTheBatchThatTheirRowsAre() throws {
    let (whole, parts) = (Quadratic(Quadratic.settings(.sgd, 0.1)), Quadratic(Quadratic.settings(.sgd, 0.1)))
    let (a, b) = (try whole.play(0..<3, batch: 4), try parts.play(0..<3, batch: 2, parts: 2))
    // ‖·‖² of means is no mean of ‖·‖², but its gradient is one.
    for (x, y) in zip(whole.numbers, parts.numbers) { #expect(abs(x - y) < 1e-12) }
    #expect(a.count == b.count)
  }

  /// Karras et al. 2020, appendix B: c = k / (k + 1); the rate times c, the betas to the power of c, the loss times k.
  @Test func aLazyPhaseOfItsOwnAdaptsAdam() throws {
    let interval = 4
    let played = Quadratic(phases: { [$0.phase(), $0.phase("lazy", every: interval, sameBatch: true)] })
    _ = try played.play(0..<9)

    let byHand = Quadratic()
    let c = Double(interval) / Double(interval + 1)
    let adam = Adam(byHand.player.parameters, learningRate: 0.1 * c, betas: (pow(0.5, c), pow(0.999, c)))
    for step in 0..<9 {
      let mean = Double(4 * step) + 1.5
      func gradient(_ phase: UInt64, times factor: Double) -> [Tensor?] {
        let seed = derivedSeed(5, Purpose.latents.rawValue, UInt64(step), 0, phase)
        let noise = Tensor.normalRows(count: 4, size: 3, seed: seed).to(.float64).mean(axes: [0])
        let loss = (byHand.vector.values - mean - noise).squared().sum() * factor
        return gradients(of: loss, with: byHand.player.parameters)
      }
      adam.step(gradient(0, times: 1))
      if step % interval == 0 { adam.step(gradient(1, times: Double(interval))) }
    }
    for (x, y) in zip(played.numbers, byHand.numbers) { #expect(abs(x - y) < 1e-12) }
  }

  @Test func aPhaseThatIsNotDueLeavesAdamAdaptedAndTheAddressesOfOthersAlone() throws {
    // The phase behind the lazy one draws by its place in the list, whether the lazy one is played or not.
    let lazy = Quadratic(
      Quadratic.settings(.sgd, 0.1), phases: { [$0.phase("never", every: 1_000), $0.phase("always", sameBatch: true)] })
    let first = lazy.numbers
    _ = try lazy.play(1..<2)
    let seed = derivedSeed(5, Purpose.latents.rawValue, 1, 0, 1)
    let noise = Tensor.normalRows(count: 4, size: 3, seed: seed).to(.float64).mean(axes: [0]).array(of: Double.self)
    for (index, value) in lazy.numbers.enumerated() {
      let expected = first[index] - 0.2 * (first[index] - 1.5 - noise[index])
      #expect(abs(value - expected) < 1e-12)
    }
  }

  @Test func anOptimizerCanAskForTheLossesAgain() throws {
    let game = Quadratic(Quadratic.settings(.adam, 1), optimizer: { LBFGS($0, iterations: 10) })
    let scalars = try game.play(0..<1)
    let turns = game.counter.item
    #expect(turns > 2, "a step of L-BFGS evaluates the phase several times")
    // All evaluations are of the same batch and the same random numbers: the minimum is reached.
    let seed = derivedSeed(5, Purpose.latents.rawValue, 0, 0, 0)
    let noise = Tensor.normalRows(count: 4, size: 3, seed: seed).to(.float64).mean(axes: [0]).array(of: Double.self)
    for (index, value) in game.numbers.enumerated() { #expect(abs(value - 1.5 - noise[index]) < 1e-6) }
    // What people see is the loss before the step.
    #expect(try #require(scalars[0][.loss(of: game.player)]) > 1e-3)
  }

  /// Whether a phase gives a loss or its gradient, a lazy one counts as many times.
  @Test func aLazyPhaseCountsAsOftenByLossesAndByGradients() throws {
    let byLoss = Quadratic(Quadratic.settings(.sgd, 0.01), phases: { [$0.phase(every: 3)] })
    let byGradient = Quadratic(
      Quadratic.settings(.sgd, 0.01),
      phases: { game in
        [
          Phase("toward", moves: [game.player], every: 3) { [unowned game] turn in
            let loss = game.loss(turn)
            return .gradients([(game.player, loss, gradients(of: loss.tensor, with: game.player.parameters))])
          }
        ]
      })
    let before = byLoss.numbers
    _ = (try byLoss.play(0..<4), try byGradient.play(0..<4))
    #expect(byLoss.numbers == byGradient.numbers && byLoss.numbers != before)
  }

  @Test func aPhaseCanGiveNewValues() throws {
    let game = Quadratic(phases: { game in
      [
        Phase("set", moves: [game.player]) { [unowned game] turn in
          .values([(game.player, [Tensor([1.0, 2, Double(turn.part)], shape: [3])])])
        }
      ]
    })
    _ = try game.play(0..<1, parts: 3)
    #expect(game.numbers == [1, 2, 2], "those of the last part count")
  }

  @Test func valuesThatAreNotFiniteAreRefusedBeforeTheMove() throws {
    let game = Quadratic(phases: { game in
      [
        Phase("set", moves: [game.player]) { [unowned game] _ in
          .values([(game.player, [Tensor.full([3], .nan).to(.float64)])])
        }
      ]
    })
    let before = game.numbers
    #expect(sentence { _ = try game.play(0..<1) } == "the norm of the new value of the vector's values is not finite")
    #expect(game.numbers == before)
  }

  @Test func aLossThatIsNotFiniteIsNamedBeforeTheMove() throws {
    let game = Quadratic(phases: { game in
      [Phase("wild", moves: game.player) { [unowned game] _ in Loss(game.vector.values.sum() * Double.infinity) }]
    })
    let before = game.numbers
    #expect(sentence { _ = try game.play(0..<1) } == "the vector's loss is not finite")
    #expect(game.numbers == before)
  }

  @Test func aGradientThatIsNotFiniteIsNamedBeforeTheMove() throws {
    // The root has no slope at 0.
    let game = Quadratic(phases: { game in
      [Phase("root", moves: game.player) { [unowned game] _ in Loss((game.vector.values * 0).squareRoot().sum()) }]
    })
    let before = game.numbers
    #expect(sentence { _ = try game.play(0..<1) } == "the norm of the gradient of the vector's values is not finite")
    #expect(game.numbers == before)
  }

  /// Optimizers take the same squares.
  @Test func aGradientWhoseNormOverflowsIsNamedBeforeTheMove() throws {
    let game = Quadratic(phases: { game in
      [Phase("steep", moves: game.player) { [unowned game] _ in Loss(game.vector.values.sum() * 1e200) }]
    })
    let before = game.numbers
    #expect(
      sentence { _ = try game.play(0..<1) } == "the norm of the gradient of the vector's values is not finite")
    #expect(game.numbers == before)
  }

  /// Somebody looks at a step later than at once: what came after it has moved nobody, and it is the one that is named.
  @Test func nobodyMovesAfterAStepThatBrokeDownUntilItIsSaid() throws {
    let wild = 2
    let game = Quadratic(phases: { game in
      [
        Phase("toward", moves: game.player) { [unowned game] turn in
          turn.step == wild ? Loss(game.vector.values.sum() * Double.nan) : game.loss(turn)
        }
      ]
    })
    let reference = Quadratic()
    let expected = try reference.play(0..<wild)
    let step = game.steps()
    let found = try (0..<5).map { try step.play($0, attempt: 0) }
    #expect(game.numbers == reference.numbers)
    let read = StepFindings.read(found)
    for (result, scalars) in zip(read, expected) { #expect(try result.get() == scalars) }
    #expect(sentence { _ = try read[wild].get() } == "the vector's loss is not finite")
    #expect(read.count == wild + 1, "nobody asks for what came after it")

    step.goOn()
    _ = try step(5, attempt: 0)
    #expect(game.numbers != reference.numbers)
  }

  @Test func scalarsAreMeansOverThePartsOfTheLastTurn() throws {
    let scalar = Scalar("part", title: "part", group: .losses)
    final class Reporting: Game {
      let inner = Quadratic()
      let scalar: Scalar
      init(_ scalar: Scalar) { self.scalar = scalar }
      var players: [Player] { inner.players }
      var product: any Model { inner.product }
      var scalars: [Scalar] { [scalar] }
      func phases(at step: Int) -> [Phase] {
        (0..<2).map { number in
          Phase("report", moves: inner.player) { [unowned self] turn in
            turn.report(scalar, Tensor(Double(10 * number + turn.part), dtype: .float64))
            return inner.loss(turn)
          }
        }
      }
    }
    let game = Reporting(scalar)
    var training = TrainingSettings(steps: 1)
    (training.batch, training.accumulation) = (2, 3)
    let step = TrainingStep(game, training, seed: 1) {
      Batch(count: 2).with(.classes, Classes(Tensor([Int64](repeating: 1, count: 2), shape: [2])))
    }
    let scalars = try step(0, attempt: 0)
    #expect(scalars[scalar] == 11 && scalars.count == 1)
    #expect(game.samplesPerStep(training, at: 0) == 2 * 3 * 2)
  }

  @Test func aNameIsAPurposeOfItsOwn() {
    #expect(Purpose("noise") == Purpose("noise"))
    #expect(Purpose("noise") != Purpose("crop"))
    #expect(Purpose("latents") != .latents && Purpose("a").rawValue >= 1 << 63)
  }
}
