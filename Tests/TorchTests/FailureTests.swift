import Foundation
import Testing
import Torch

/// Failures outside an error scope end the process; what it says is all that a user has.
@Suite struct FailureTests {
  @Test func aFailureOutsideAScopeNamesTheOperatorAndBothShapes() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]) + Tensor.zeros([4, 5])
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("aten::add.Tensor(float32 [2, 3], float32 [4, 5]"))
  }

  @Test func theFirstOfSeveralFailuresIsThrown() {
    #expect {
      try withTorchErrors {
        _ = Tensor.zeros([2]) + Tensor.zeros([3])
        _ = Tensor.zeros([5]).matrixMultiplied(by: Tensor.zeros([7]))
      }
    } throws: {
      "\($0)".contains("[3]") && !"\($0)".contains("[7]")
    }
  }

  /// What `body` throws usually follows from the operator that failed before.
  @Test func anOperatorsFailureGoesBeforeTheErrorOfTheBody() {
    #expect(throws: TorchError.self) {
      try withTorchErrors {
        _ = Tensor.zeros([2]) + Tensor.zeros([3])
        throw CancellationError()
      }
    }
    #expect(throws: CancellationError.self) { try withTorchErrors { throw CancellationError() } }
  }

  @Test func everythingDoneWithAFailedResultFailsQuietly() {
    #expect(throws: TorchError.self) {
      try withTorchErrors {
        let failed = Tensor.zeros([2]) + Tensor.zeros([3])
        #expect(failed.shape.isEmpty && failed.count == 0 && !failed.requiresGradient)
        #expect(failed.array(of: Double.self).isEmpty)
        #expect(failed.item == 0)
        #expect(gradients(of: failed, with: [Tensor([1.0]).requiringGradient()]).allSatisfy { $0 == nil })
        #expect(!failed.flattened().to(.float64).contiguous(.channelsLast).isDefined)
        failed.fill(1)
        failed.copy(from: Tensor([1.0]))
        failed.gradient = nil
      }
    }
  }

  /// No memory in the midst of a step: an error of its own kind, and the process goes on.
  @Test func memoryThatRunsOutIsAnErrorAndWorkGoesOn() throws {
    let error = #expect(throws: TorchError.self) {
      try withTorchErrors {
        let wide = Tensor.ones([1 << 24, 1]).requiringGradient()
        // An outer product of 2⁴⁸ elements.
        let product = wide * wide.transposed()
        _ = gradients(of: product.sum(), with: [wide])
      }
    }
    #expect(error?.kind == .outOfMemory)
    #expect(try withTorchErrors { (Tensor([1.0]) + 1).item } == 2)
  }

  @Test func aDeviceThatCannotBeIsAnError() {
    // 256 must not become 0 on its way into libtorch's eight bits.
    #expect { try withTorchErrors { _ = Tensor.zeros([1], device: .cuda(256)) } } throws: { "\($0)".contains("256") }
  }

  @Test func bytesForATensorThatCannotBeMadeAreDropped() {
    #expect(throws: TorchError.self) {
      try withTorchErrors {
        let bytes = [UInt8](repeating: 0, count: 4)
        // Two negative sizes have a positive product.
        let x = bytes.withUnsafeBytes { Tensor(bytes: $0, shape: [-2, -2], dtype: .uint8) }
        #expect(!x.isDefined)
      }
    }
  }

  @Test func gradientsOfWhatWasNotRecordedAreAnError() {
    #expect(throws: TorchError.self) {
      try withTorchErrors { _ = gradients(of: Tensor([1.0]).sum(), with: [Tensor([1.0]).requiringGradient()]) }
    }
  }

  @Test func anInPlaceChangeThatAGradientStillNeedsIsAnError() {
    #expect {
      try withTorchErrors {
        let x = Tensor([2.0]).requiringGradient()
        let y = x.exp()
        withoutGradient { y.multiply(by: 2) }
        _ = gradients(of: y.sum(), with: [x])
      }
    } throws: {
      "\($0)".contains("modified by an inplace operation")
    }
  }

  /// What libtorch refuses to tell of a tensor: the bytes of one in oneDNN's own layout, the shape of a list of unequal ones.
  @Test func whatATensorDoesNotHaveIsAnError() throws {
    let opaque = Operation("aten::to_mkldnn")(.tensor(.ones([2, 3])))
    #expect(opaque.shape == [2, 3] && opaque.count == 6 && opaque.dtype == .float32 && opaque.gradient == nil)
    #expect {
      try withTorchErrors { opaque.withUnsafeBytes { #expect($0.isEmpty) } }
    } throws: {
      "\($0)".contains("the bytes of float32 [2, 3]") && "\($0)".contains("storage")
    }
    let unequal = Operation("aten::_nested_tensor_from_tensor_list")(.tensors([.ones([2, 3]), .ones([4, 3])]))
    #expect(unequal.rank == 3 && unequal.count == 18)
    #expect {
      try withTorchErrors { _ = unequal.shape }
    } throws: {
      "\($0)".contains("a tensor's shape") && "\($0)".contains("NestedTensor")
    }
  }

  /// A thread of a team that has no memory left: the others end, and the operator fails like any other. In a process of
  /// its own, whose memory is limited.
  @Test func memoryThatRunsOutOnAThreadOfATeamIsAnErrorToo() async {
    await #expect(processExitsWith: .success) {
      Machine.threads = 2
      // Statistics of many channels: each thread needs 16 bytes for each of its own. The first call makes the threads.
      let channels = 1 << 23
      func normalised(_ x: Tensor) -> Tensor { x.batchNorm(weight: nil, bias: nil, epsilon: 1e-5).output }
      _ = normalised(.ones([2, 1 << 14]))
      let x = Tensor.ones([2, channels])
      let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")[0]
      let used = (UInt(pages) ?? 0) * UInt(getpagesize())
      // Sums, means and variances: 16 bytes a channel for all threads together.
      var limit = rlimit()
      limit.rlim_cur = used + UInt(channels) * 16 + (48 << 20)
      limit.rlim_max = limit.rlim_cur
      guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else { exit(2) }
      do {
        try withTorchErrors { _ = normalised(x) }
        exit(3)
      } catch let error as TorchError {
        exit(error.kind == .outOfMemory && normalised(.ones([2, 3])).count == 6 ? 0 : 4)
      }
    }
  }
}
