import Testing
import Torch

@Suite struct ConcurrentlyTests {
  /// A product by a weight, in two halves with gradients of their own; many, so that helpers come to some.
  @Test func gradientsAreThoseOfOneAfterTheOther() throws {
    let weight = Tensor.normalRows(count: 64, size: 64, seed: 1).requiringGradient()
    let inputs = [2, 3].map { Tensor.normalRows(count: 32, size: 64, seed: $0) }
    func found(_ input: Tensor) -> (loss: Tensor, gradient: Tensor?) {
      let loss = input.linear(weight, nil).tanh().squared().mean()
      return (loss.detached(), gradients(of: loss, with: [weight])[0])
    }
    let wanted = inputs.map(found)
    for _ in 0..<200 {
      let (first, second) = try concurrently({ found(inputs[0]) }, { found(inputs[1]) })
      for (one, other) in zip([first, second], wanted) {
        #expect(one.loss.isIdentical(to: other.loss))
        #expect(try #require(one.gradient).isIdentical(to: try #require(other.gradient)))
      }
    }
  }

  @Test func eachIsInTheCallersGradientMode() throws {
    let weight = Tensor.ones([2]).requiringGradient()
    let learning = try concurrently({ (weight * 2).requiresGradient }, { (weight * 3).requiresGradient })
    #expect(learning == (true, true))
    let frozen = try withoutGradient {
      try concurrently({ (weight * 2).requiresGradient }, { (weight * 3).requiresGradient })
    }
    #expect(frozen == (false, false))
  }

  /// Failures of operators, which are recorded by thread, and what a body throws; the first's before the second's.
  @Test func whatFailsIsThrown() {
    struct Refusal: Error {}
    let (narrow, wide) = (Tensor.ones([2, 3]), Tensor.ones([4, 5]))
    let operators = #expect(throws: TorchError.self) { _ = try concurrently({ 1 }, { narrow.linear(wide, nil) }) }
    #expect(operators?.message.contains("a linear map of") == true)
    #expect(throws: Refusal.self) { _ = try concurrently({ throw Refusal() }, { narrow.linear(wide, nil) }) }
    #expect(throws: Refusal.self) { _ = try concurrently({ 1 }, { throw Refusal() }) }
  }

  /// One within the other computes on its thread.
  @Test func onesCanBeNested() throws {
    let (inner, outer) = try concurrently({ try concurrently({ 1 }, { 2 }) }, { 3 })
    #expect(inner == (1, 2) && outer == 3)
  }
}
