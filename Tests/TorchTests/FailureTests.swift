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
}
