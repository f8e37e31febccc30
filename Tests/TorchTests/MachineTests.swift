import Testing
import Torch

@Suite(.serialized) struct MachineTests {
  @Test func theLibraryIsTheVersionTheProjectIsBuiltOn() { #expect(Machine.libtorchVersion == "2.11.0") }

  /// A parallel region compiled without OpenMP would be silently serial.
  @Test(arguments: [1, 2]) func parallelRegionsHaveTheThreadsThatWereAskedFor(threads: Int) {
    let former = Machine.threads
    defer { Machine.threads = former }
    Machine.threads = threads
    #expect(Machine.measuredTeamSize == threads)
  }
}
