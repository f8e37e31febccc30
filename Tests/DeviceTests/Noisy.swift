import GAN

/// A game of one point in the plane, which moves toward numbers that a test makes in its phase.
final class Noisy: Game {
  /// The point, as a model that gives it again and again.
  final class Point: Model {
    let state: StateDict
    let values: Tensor
    var blueprint: Blueprint {
      Blueprint(
        "point", inputs: [.latents(1)], output: .samples(.points, SampleShape(channels: 2, height: 1, width: 1)))
    }

    init(_ device: Device) {
      state = StateDict(random: RandomGenerator(seed: 1), device: device)
      values = state.root.parameter("values", shape: [2], .normal(deviation: 1))
    }

    func callAsFunction(_ input: Batch, _ pass: Pass) -> Batch {
      Batch(count: input.count).with(.images, Images(values.reshaped(1, 2, 1, 1).expanded([input.count, 2, 1, 1])))
    }
  }

  let point: Point
  let player: Player
  let noise: (Turn) -> Tensor
  var players: [Player] { [player] }
  var product: any Model { point }

  init(_ device: Device, _ noise: @escaping (Turn) -> Tensor) {
    point = Point(device)
    player = Player("point", point)
    self.noise = noise
  }

  func phases(at step: Int) -> [Phase] {
    [
      Phase("toward", moves: player) { [unowned self] turn in
        Loss((point.values - noise(turn)).squared().sum())
      }
    ]
  }
}
