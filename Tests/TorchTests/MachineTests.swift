import Files
import Foundation
import Testing
import Torch

@Suite(.serialized) struct MachineTests {
  @Test func theLibraryIsTheVersionTheProjectIsBuiltOn() { #expect(Machine.libtorchVersion == "2.11.0") }

  /// In a process of its own, in which nothing has set another number.
  @Test func aProcessBeginsWithTheThreadsThatItCanUse() async {
    await #expect(processExitsWith: .success) {
      exit(Machine.threads == UsableProcessors().threads && UsableProcessors.here == UsableProcessors() ? 0 : 1)
    }
  }

  /// In a process of its own, since the setting is the process's.
  @Test func asManyThreadsComeToWorkAsWereAskedFor() async {
    await #expect(processExitsWith: .success) {
      for threads in [1, 2, 3, 1] {
        Machine.threads = threads
        if Machine.measuredTeamSize != threads { exit(1) }
      }
    }
  }

  /// In a process of its own, since it holds for all of it.
  @Test func whatIsFreedIsKeptForTheNext() async {
    await #expect(processExitsWith: .success) {
      // What stays of the first operators must not lie between what the rounds take, so they have heaps of their own.
      Tensor.empty([1 << 18]).fill(1)
      Thread {
        Machine.keepFreedMemory()
        // 41 MB a round, some of it more than malloc itself would take from a heap.
        func fill() { for megabytes in [1, 5, 35] { Tensor.empty([megabytes << 18]).fill(1) } }
        // The heaps of a thread that is not the first grow for some rounds.
        for _ in 0..<30 { fill() }
        let before = pageFaults()
        for _ in 0..<10 { fill() }
        exit(pageFaults() - before < 1000 ? 0 : 1)
      }.start()
      sleep(60)
    }
  }
}

/// Pages that the system has handed to this process so far.
private func pageFaults() -> Int {
  var usage = rusage()
  getrusage(RUSAGE_SELF.rawValue, &usage)
  return usage.ru_minflt
}
