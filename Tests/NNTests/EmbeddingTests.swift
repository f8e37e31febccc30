import NN
import TestFixtures
import Testing
import Torch

@Suite struct EmbeddingTests {
  @Test(arguments: try fixture("embedding").cases()) func agreesWithPyTorch(name: String) throws {
    let expected = try fixture("embedding")[name]
    let state = doubles()
    let table = Embedding(state.root, try expected.whole("count"), try expected.whole("size"))
    try hold({ table($0) }, state, against: expected)
  }

  @Test func anIndexOutsideTheTableIsAnError() {
    let table = Embedding(doubles().root, 3, 2)
    #expect(throws: TorchError.self) { try withTorchErrors { _ = table(Tensor([3])) } }
  }
}
