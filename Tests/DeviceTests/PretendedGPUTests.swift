import Foundation
import NN
import PretendedGPU
import Testing
import Torch

/// All that runs on the pretended GPU: one test after the other, since its counts are the process's.
@Suite(.serialized) struct PretendedGPUTests {}

extension Device {
  /// The pretended GPU.
  static var pretended: Device { get throws { try Device("pretended") } }
}

/// What happened on the pretended GPU while `body` ran.
func counted<Result>(_ body: () throws -> Result) rethrows -> (result: Result, counts: PretendedGPUCounts) {
  pretended_gpu_reset_counts()
  let result = try body()
  return (result, pretended_gpu_counts())
}

/// The result of `body`, in which no value may come to the host.
func withoutReads<Result>(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Result
) rethrows -> Result {
  let (result, counts) = try counted(body)
  let last = String(cString: pretended_gpu_last_read())
  #expect(counts.values_read == 0, "the last one was \(last)", sourceLocation: sourceLocation)
  return result
}

extension PretendedGPUTests {
  /// The pretence itself: what a GPU would refuse, it refuses, and it counts what a GPU would wait for.
  @Suite struct Pretence {
    @Test func itIsADeviceLikeAnyOther() throws {
      let x = Tensor.ones([2, 3], device: try .pretended)
      #expect(x.device == (try .pretended))
      #expect(x.device.description == "pretended:0")
      #expect((x * 2 + x).array(of: Double.self) == [3, 3, 3, 3, 3, 3])
    }

    @Test func viewsShareElements() throws {
      let x = Tensor.zeros([2, 3], device: try .pretended)
      x.transposed()[1].fill(5)
      x.reshaped(6)[0..<1].fill(7)
      #expect(x.array(of: Double.self) == [7, 5, 0, 0, 5, 0])
      // From one part of a block to another.
      x[1].copy(from: x[0])
      #expect(x.array(of: Double.self) == [7, 5, 0, 7, 5, 0])
    }

    @Test func whatGrowsKeepsItsElements() throws {
      let x = Tensor([1, 2] as [Double]).to(try .pretended)
      Operation("aten::resize_")(.tensor(x), .ints([2, 1024]))
      #expect(x.shape == [2, 1024])
      #expect(x.reshaped(-1)[0..<2].array(of: Double.self) == [1, 2])
    }

    @Test func readsOfTheHostAreCounted() throws {
      let x = Tensor.ones([3, 4], device: try .pretended)
      #expect(counted { x.array(of: Double.self) }.counts.values_read == 12)
      #expect(counted { x.sum().item }.counts.values_read == 1)
      // Its shape depends on values, which a GPU's host would have to wait for.
      #expect(counted { Operation("aten::nonzero")(.tensor(x)) }.counts.values_read == 1)
      #expect(counted { Operation("aten::equal").all(.tensor(x), .tensor(x)) }.counts.values_read == 1)
      let (mask, places) = (x.isGreater(than: 0), Tensor([2, 0] as [Int64]).to(x.device))
      let index = Operation("aten::index", "Tensor")
      #expect(counted { index(.tensor(x), .tensors([mask])) }.counts.values_read == 1)
      #expect(counted { index(.tensor(x), .tensors([places])) }.counts.values_read == 0)
      let put = Operation("aten::index_put_")
      let one = Tensor(1, device: x.device)
      #expect(counted { put(.tensor(x), .tensors([mask]), .tensor(one)) }.counts.values_read == 1)
      #expect(counted { put(.tensor(x), .tensors([places]), .tensor(one)) }.counts.values_read == 0)
      let (_, quiet) = counted { x.to(.float64).matrixMultiplied(by: x.to(.float64).transposed()).sum() }
      #expect(quiet.values_read == 0 && quiet.kernels == 2 && quiet.uploads == 0)
    }

    @Test func uploadsAreCounted() throws {
      let (device, x) = (try Device.pretended, Tensor.ones([3, 4]))
      #expect(counted { x.to(device) }.counts.uploads == 1)
      #expect(counted { Tensor(2, device: device) * 3 }.counts.uploads == 0)
    }

    /// What a GPU's kernels refuse, and host tensors without axes besides, which they would take along.
    @Test func tensorsOfTwoDevicesAreRefused() throws {
      let (x, host) = (Tensor.ones([2, 3], device: try .pretended), Tensor.ones([2, 3]))
      let layer = Linear(StateDict(random: RandomGenerator(seed: 1), device: try .pretended).root, 3, 2)
      for (name, body) in [
        ("aten::add", { x + host }), ("aten::mul", { host * x }), ("aten::add", { x + Tensor(1) }),
        ("aten::cat", { .concatenated([x, host]) }), ("aten::mm", { x.matrixMultiplied(by: host.transposed()) }),
        ("aten::index_select", { x.rows(Tensor([0 as Int64])) }), ("aten::addmm", { layer(host) }),
        ("aten::mse_loss", { Operation("aten::mse_loss")(.tensor(x), .tensor(host)) }),
      ] as [(String, () -> Tensor)] {
        let error = #expect(throws: TorchError.self, "\(name)") { try withTorchErrors { _ = body() } }
        let message = error?.message ?? ""
        #expect(message.contains(name) && message.contains("[2, 3]"))
        #expect(message.contains("pretended:0") && message.contains("cpu"), "\(message)")
      }
      // Numbers come along with the operator.
      #expect((x * 2.5 + 1).sum().item == 21)
    }

    /// The error names everything that is needed to find the tensor that was forgotten.
    @Test func theRefusalSaysWhichTensorsItWasGiven() throws {
      let (x, host) = (Tensor.ones([2, 3], device: try .pretended), Tensor.ones([3, 4]))
      #expect {
        try withTorchErrors { _ = x.matrixMultiplied(by: host) }
      } throws: {
        "\($0)".contains(
          "takes tensors of one device, and was given pretended:0 Float [2, 3], cpu Float [3, 4], pretended:0 Float [2, 4]: "
            + "bring them to one with .to(device)")
      }
    }

    /// CUDA's operators refuse a host generator.
    @Test func aGeneratorOfAnotherDeviceIsRefused() throws {
      let (device, draws) = (try Device.pretended, Tensor.zeros([100], dtype: .float64))
      let x = draws.to(device)
      #expect {
        try withTorchErrors { x.fillNormal(using: RandomGenerator(seed: 1)) }
      } throws: { "\($0)".contains("was given one of cpu") }
      x.fillNormal(using: RandomGenerator(seed: 1, device: device))
      draws.fillNormal(using: RandomGenerator(seed: 1))
      #expect(x.to(.cpu).isIdentical(to: draws))
    }

    /// Without this, the kernel of the host would serve, and a GPU would have none.
    @Test func aKernelOfOursWithoutACompositionIsRefused() throws {
      let x = Tensor.ones([2], device: try .pretended)
      #expect {
        try withTorchErrors { Operation("gan::host_only")(.tensor(x)) }
      } throws: { "\($0)".contains("gan::host_only has a kernel for the host alone") }
    }

    @Test func aReadOfTheHostCrashes() async {
      await #expect(processExitsWith: .signal(SIGSEGV)) {
        let x = Tensor.ones([4], device: try .pretended)
        x[0..<2].copy(from: x[2..<4])
        Operation("pretended::read_on_host")(.tensor(x))
      }
    }

    /// Autograd's thread for the device has no profile of its own.
    @Test func aProfileSurvivesBackwardPassesOnAnotherThread() throws {
      let x = Tensor.ones([4], device: try .pretended).requiringGradient()
      let times = try withOperationProfile { _ = gradients(of: (x * x).sum(), with: [x]) }
      #expect(times.contains { $0.name == "aten::mul" })
    }
  }
}
