import Foundation
import NN
import TestFixtures
import Testing
import Torch

@Suite struct MemoryTests {
  /// In a process of its own: other tests run beside this one.
  @Test(.timeLimit(.minutes(3))) func tenThousandTrainingStepsDoNotGrowMemory() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      Machine.threads = 1
      let random = RandomGenerator(seed: 1)
      let state = StateDict(random: random)
      let inner = Conv2d(state.root / "conv", 1, 4, kernel: 3, padding: .same)
      let norms = [BatchNorm(state.root / "norm1", 4), BatchNorm(state.root / "norm2", 4, keeping: .biased)]
      let outer = SpectralNorm(Linear(state.root / "fc", 64, 1))
      let optimizer = Adam(state.parameters, learningRate: 1e-3)
      let dropout = Dropout(0.3)
      let x = Tensor.empty([4, 1, 4, 4])
      x.fillNormal(using: random)
      var before = 0
      for step in 1...10_000 {
        let pass = Pass.training(RandomStream(seed: 1))
        try withTorchErrors {
          var y = withAutocast(step % 2 == 0 ? .bfloat16 : nil, on: .cpu) { norms[0](inner(x), pass).leakyReLU(0.2) }
          y = dropout(norms[1](y.to(.float32), pass), pass)
          let loss = outer(y.flattened(), pass).softplus().mean()
          optimizer.step(gradients(of: loss, with: state.parameters))
        }
        // A failure that is caught must not keep anything either.
        _ = try? withTorchErrors { _ = x + Tensor.zeros([3]) }
        if step == 1000 { before = try residentBytes() }
      }
      let growth = try residentBytes() - before
      FileHandle.standardError.write(Data("grew by \(growth) bytes from \(before)\n".utf8))
      exit(growth < 3 << 19 && before > 0 ? 0 : 1)
    }
    print(String(decoding: result?.standardErrorContent ?? [], as: UTF8.self))
  }
}
