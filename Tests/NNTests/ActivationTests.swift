import NN
import TestFixtures
import Testing
import Torch

@Suite struct ActivationTests {
  @Test(arguments: try fixture("activation").cases()) func agreesWithPyTorch(name: String) throws {
    let expected = try fixture("activation")[name]
    let activation: Activation =
      switch name.prefix(while: { $0 != "." }) {
      case "relu": .relu
      case "leaky_relu": .leakyReLU(try expected.number("negative_slope"))
      case "tanh": .tanh
      case "sigmoid": .sigmoid
      case "softplus": .softplus
      case "elu": .elu
      case "gelu": .gelu
      case "silu": .silu
      default: throw UnknownCase(name: name)
      }
    try hold({ activation($0) }, doubles(), against: expected)
  }

  @Test func identityIsTheTensorItself() {
    let x = Tensor([1.0, -1])
    #expect(Activation.identity(x).isSame(as: x))
  }
}

/// A case that the test does not know how to build.
struct UnknownCase: Error {
  let name: String
}
