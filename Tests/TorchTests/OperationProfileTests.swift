import Foundation
import Testing
import Torch

@Suite struct OperationProfileTests {
  private let relu = Operation("aten::relu")

  private func calls(_ profile: [OperationTime], _ name: String) -> Int {
    profile.first { $0.name == name }?.calls ?? 0
  }

  @Test func callsAreCounted() throws {
    let x = Tensor.ones([4, 4])
    let profile = try withOperationProfile {
      for _ in 0..<3 { relu(.tensor(x)) }
      _ = x + x
    }
    #expect(calls(profile, "aten::relu") == 3)
    #expect(calls(profile, "aten::add") == 1)
    #expect(profile.map(\.seconds) == profile.map(\.seconds).sorted(by: >))
  }

  @Test func backwardAndOwnOperatorsAreThere() throws {
    let x = Tensor.ones([8, 64]).requiringGradient()
    let profile = try withOperationProfile {
      let y = x.leakyReLU(0.2).dropout(0.5, using: RandomStream(seed: 1)).sum()
      _ = gradients(of: y, with: [x])
    }
    // Once each, whatever calls itself below autograd.
    #expect(calls(profile, "gan::dropout") == 1)
    #expect(calls(profile, "gan::dropout_backward") == 1)
    #expect(calls(profile, "gan::leaky_relu") == 1)
    #expect(calls(profile, "gan::leaky_relu_backward") == 1)
    // The turns of the engine stand together, whatever they work on.
    #expect(profile.filter { $0.name.hasPrefix("autograd::engine") }.count == 1)
  }

  /// An operator does not count the time of those that it calls, as aten::linear calls a matrix product.
  @Test func timesAddUpToNoMoreThanTheWhole() throws {
    let (x, w) = (Tensor.ones([64, 512]), Tensor.ones([512, 512]))
    var whole = Duration.zero
    let profile = try withOperationProfile {
      let began = ContinuousClock.now
      for _ in 0..<10 { _ = linear(.tensor(x), .tensor(w)) }
      whole = ContinuousClock.now - began
    }
    let sum = profile.map(\.seconds).reduce(0, +)
    #expect(sum <= whole / .seconds(1))
    #expect(sum > 0)
    #expect(calls(profile, "aten::linear") == 10)
  }

  @Test func nothingIsRecordedOutside() throws {
    let x = Tensor.ones([4])
    relu(.tensor(x))
    let empty = try withOperationProfile {}
    #expect(empty.isEmpty)
    _ = try withOperationProfile { relu(.tensor(x)) }
    relu(.tensor(x))
    #expect(try withOperationProfile {}.isEmpty)
  }

  @Test func otherThreadsAreNotRecorded() throws {
    let (x, done) = (Tensor.ones([4]), DispatchSemaphore(value: 0))
    let profile = try withOperationProfile {
      relu(.tensor(x))
      Thread {
        Operation("aten::relu")(.tensor(.ones([4])))
        done.signal()
      }.start()
      done.wait()
    }
    #expect(calls(profile, "aten::relu") == 1)
  }

  @Test func aProfileWithinAnotherIsRefusedAndTheOuterOneGoesOn() throws {
    let x = Tensor.ones([4])
    var refusal: (any Error)?
    let profile = try withOperationProfile {
      do { _ = try withOperationProfile {} } catch { refusal = error }
      relu(.tensor(x))
    }
    #expect((refusal as? TorchError)?.message.contains("being profiled already") == true)
    #expect(calls(profile, "aten::relu") == 1)
  }

  @Test func whatTheBodyThrowsEndsTheProfile() throws {
    struct Fault: Error {}
    #expect(throws: Fault.self) { try withOperationProfile { throw Fault() } }
    #expect(try withOperationProfile {}.isEmpty)
  }
}

private let linear = Operation("aten::linear")
