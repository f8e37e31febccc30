import Foundation
import Testing
import Torch

/// Threads that help with own kernels: what comes out does not depend on who did what, and nobody waits for one that does not
/// come.
@Suite struct PoolTests {
  private static func draws(_ shape: [Int], _ dtype: DType, seed: UInt64) -> Tensor {
    let draws = Tensor.empty(shape)
    draws.fillNormal(using: RandomGenerator(seed: seed))
    return draws.to(dtype)
  }

  /// A quiet machine, on which nothing is tried.
  @Test func helpersThatGetCoresAreUsed() {
    #expect(helpersPay(after: Array(repeating: (1, 1.7), count: 9), threads: 2) == Array(repeating: true, count: 9))
  }

  /// Beside busy programs: a stretch without helpers is tried, and the faster way is kept until the other is tried again.
  @Test func theFasterWayIsKept() {
    let (helped, alone) = ((seconds: 1.2, cores: 0.9), (seconds: 1.0, cores: 0.9))
    #expect(
      helpersPay(after: [helped, alone, alone, alone, alone, helped, alone], threads: 2)
        == [false, false, false, false, true, false, false])
    // Where they gain something although they are short of cores, they stay.
    #expect(
      helpersPay(after: [alone, helped, alone, alone, alone, alone, alone], threads: 2)
        == [false, true, true, true, true, true, false])
  }

  /// When the other programs have ended.
  @Test func helpersComeBack() {
    let stretches = [(1.2, 0.9)] + Array(repeating: (1.0, 1.0), count: 4) + Array(repeating: (0.6, 1.8), count: 9)
    #expect(helpersPay(after: stretches, threads: 2).suffix(10) == Array(repeating: true, count: 10)[...])
  }

  /// Everything that several threads compute in a step: convolutions and their gradients by each of the kernels and in parts
  /// of libtorch's, products, normalisation, dropout, draws and Adam.
  private static func results(_ dtype: DType) -> [Tensor] {
    var results: [Tensor] = []
    for (images, inputs, outputs) in [(32, 32, 64), (32, 2, 32), (32, 3, 16), (4, 32, 48)] {
      let x = draws([images, inputs, 14, 14], dtype, seed: 1).contiguous(.channelsLast).requiringGradient()
      let weight = draws([outputs, inputs, 5, 5], .float32, seed: 2).requiringGradient()
      let y = x.conv2d(weight, nil, stride: [2, 2], padding: [2, 2], size: [7, 7])
      let z = y.convTranspose2d(weight, nil, stride: [2, 2], padding: [2, 2], size: [14, 14])
      results +=
        [y, z]
        + gradients(of: z.to(.float32).squared().sum(), with: [x, weight], retainGraph: true).map { $0 ?? .undefined }
      let (normal, mean, variance) = y.batchNorm(weight: nil, bias: nil, epsilon: 1e-5, slope: 0.2)
      let dropped = normal.leakyReLU(0.2).dropout(0.3, using: RandomStream(seed: 3, device: .cpu))
      results +=
        [normal, mean, variance, dropped]
        + gradients(of: dropped.to(.float32).sum(), with: [weight]).map { $0 ?? .undefined }
    }
    let (rows, matrix) = (draws([256, 300], dtype, seed: 4), draws([500, 300], dtype, seed: 5))
    results += [rows.linear(matrix, nil), matrix.linear(rows, nil), .normalRows(count: 300, size: 100, seed: 6)]
    results.append([rows, matrix, rows].norms())
    let parameters = (0..<3).map { draws([200, 300], .float32, seed: 10 + $0) }
    let (means, squares) = (parameters.map { $0.zerosLike() }, parameters.map { $0.zerosLike() })
    let rate = Tensor(0.1, dtype: .float64)
    Operation("gan::adam_").all(
      .tensors(parameters), .tensors(parameters.map { $0.squared() }), .tensors(means), .tensors(squares),
      .tensor(.zeros([3], dtype: .int64)), .tensor(rate), .double(0.9), .double(0.99), .double(1e-8), .double(0),
      .bool(false),
      .tensors([]), .none, .none)
    return (results + parameters + means + squares).map { $0.detached() }
  }

  /// In a process of its own, since threads and delays are the process's.
  @Test func whoeverDoesWhatTheResultIsTheSameToTheBit() async {
    await #expect(processExitsWith: .success) {
      Machine.threads = 3
      guard Machine.measuredTeamSize == 3 else { exit(2) }
      for dtype in [DType.float32, .bfloat16, .float64] {
        let expected = PoolTests.results(dtype)
        let delays: [HelperDelay] = [
          .upTo(microseconds: 30), .upTo(microseconds: 300), .upTo(microseconds: 3_000), .forever,
        ]
        for delay in delays {
          let found = withHelpers(delayed: delay) { PoolTests.results(dtype) }
          for (a, b) in zip(expected, found) where !a.isIdentical(to: b) { exit(3) }
        }
      }
    }
  }

  @Test func whatAPieceThrowsReachesItsCallerAndTheNextJobIsDone() async {
    await #expect(processExitsWith: .success) {
      Machine.threads = 3
      // A convolution of more memory than there is, in parts on several threads.
      let x = Tensor.empty([8, 1, 1, 1]).expanded([8, 64, 60_000, 60_000])
      for _ in 0..<3 {
        do {
          try withTorchErrors {
            _ = x.conv2d(.ones([64, 64, 1, 1]), nil, stride: [1, 1], padding: [0, 0], size: [60_000, 60_000])
          }
          exit(2)
        } catch {}
      }
      guard PoolTests.results(.float32).allSatisfy(\.isFinite) else { exit(3) }
    }
  }

  /// Each of several threads computes at the same time; one has the helpers, the others work alone.
  @Test func jobsOfSeveralThreadsDoNotMix() async {
    await #expect(processExitsWith: .success) {
      Machine.threads = 2
      let expected = PoolTests.results(.float32).map { $0.array(of: Float.self) }
      let group = DispatchGroup()
      for _ in 0..<4 {
        group.enter()
        Thread {
          for _ in 0..<3 {
            for (a, b) in zip(expected, PoolTests.results(.float32)) where a != b.array(of: Float.self) { exit(2) }
          }
          group.leave()
        }.start()
      }
      group.wait()
    }
  }
}
