import Testing
import Torch

@Suite struct DeviceTests {
  @Test func aNameIsReadAndSpelledAsLibtorchDoes() throws {
    #expect(try Device("cpu") == .cpu)
    #expect(try Device("cuda:1") == .cuda(1))
    #expect(try Device("mps:0") != .cuda(0))
    for name in ["cpu", "cuda:1", "mps:0", "xpu:3", "meta"] { #expect(try Device(name).description == name) }
  }

  /// A tensor that was sent to "cuda" says that it is on "cuda:0", and the two must be equal.
  @Test func aGPUWithoutANumberIsTheFirst() throws {
    #expect(try Device("cuda") == .cuda())
    #expect(try Device("cuda").description == "cuda:0")
  }

  @Test func aNameThatLibtorchDoesNotKnowIsAnError() {
    #expect { try Device("gpu") } throws: { "\($0)".contains("'gpu'") }
    #expect { try Device("cuda:-2") } throws: { "\($0)".contains("'cuda:-2'") }
  }

  /// Every device but "cuda" was once taken for the host.
  @Test func aTensorOfAnyDeviceSaysWhereItIs() throws {
    let meta = try Device("meta")
    let x = Tensor.ones([2], device: meta)
    #expect(x.device == meta)
    #expect(x.to(meta).isSame(as: x))
  }
}
