import NN
import TestFixtures
import Testing
import Torch

/// Norms that treat the parts of an image alike.
@Suite struct PooledStatisticsTests {
  private let whole = Tensor.hashed("whole", [1, 3, 4, 8]).to(.float32)
  /// The left and the right half of it.
  private var halves: Tensor {
    .concatenated([whole.slice(3, from: 0, count: 4), whole.slice(3, from: 4, count: 4)])
  }
  private let state = StateDict(random: RandomGenerator(seed: 1))

  /// Two norms, one behind the other, of the halves one by one, put together again.
  private func normalized(_ first: (Tensor, Pass) -> Tensor, _ second: (Tensor, Pass) -> Tensor) -> Tensor {
    let random = RandomStream(seed: 1)
    func both(_ x: Tensor, _ pass: Pass) -> Tensor { second(first(x, pass).squared(), pass) }
    let statistics = PooledStatistics { _ = both(halves, .parts($0, random)) }
    // Each pass begins with the first norm again.
    let parts = (0..<2).map { both(halves[$0..<($0 + 1)], .parts(statistics, random)) }
    return .concatenated(parts, axis: 3)
  }

  @Test func instanceNormIsThatOfTheWhole() {
    let norm = InstanceNorm(state.root / "norm", 3)
    let parts = normalized({ norm($0, pooled: $1.pooled) }, { norm($0, then: .relu, pooled: $1.pooled) })
    #expect(parts.deviation(from: norm(norm(whole).squared(), then: .relu)) < 1e-5)
  }

  @Test func batchNormIsThatOfTheWhole() {
    let norm = BatchNorm(state.root / "norm", 3)
    let parts = withoutGradient { normalized({ norm($0, $1) }, { norm($0, $1, then: .leakyReLU(0.2)) }) }
    let pass = Pass.asInTraining(RandomStream(seed: 1))
    let expected = withoutGradient { norm(norm(whole, pass).squared(), pass, then: .leakyReLU(0.2)) }
    #expect(parts.deviation(from: expected) < 1e-5)
    // Without a stream it is inference, and running statistics stay.
    let running = PooledStatistics { _ = norm(halves, .parts($0, nil)) }
    #expect(norm(whole, .parts(running, nil)).deviation(from: norm(whole, .inference)) == 0)
    #expect(state["norm.num_batches_tracked"]?.item == 0)
  }
}
