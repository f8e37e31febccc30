import Foundation
import Testing
import Torch

/// Runs `body` on a new thread and waits for what it returns.
private func onNewThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
  await withCheckedContinuation { continuation in
    Thread { continuation.resume(returning: body()) }.start()
  }
}

/// Gradient mode, autocast and error scopes belong to a thread.
@Suite struct ThreadTests {
  @Test func scopesOfOneThreadDoNotReachAnother() async {
    // The other thread looks while this one's scopes are open.
    let (opened, looked) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    let holder = Thread {
      withoutGradient {
        withAutocast(.bfloat16, on: .cpu) {
          opened.signal()
          looked.wait()
        }
      }
    }
    holder.start()
    let seen = await onNewThread {
      opened.wait()
      defer { looked.signal() }
      let x = Tensor.ones([1, 2]).requiringGradient()
      let y = x.linear(Tensor.ones([1, 2]), nil)
      return (y.requiresGradient, y.dtype)
    }
    #expect(seen == (true, .float32))
  }

  /// Tensors may move between threads as long as one uses them at a time.
  @Test func aNewThreadComputesWithItsOwnGenerators() async {
    let draw: @Sendable () -> [Float] = {
      let x = Tensor.empty([1000])
      x.fillNormal(using: RandomGenerator(seed: 9))
      return x.array()
    }
    let (a, b) = await (onNewThread(draw), onNewThread(draw))
    #expect(a == b)
  }

  /// A run on a thread of its own has the helpers that were set. In a process of its own, since the setting is the process's.
  @Test func teamsOfANewThreadHaveTheSizeThatWasSet() async {
    await #expect(processExitsWith: .success) {
      for threads in [1, 2] {
        Machine.threads = threads
        let (done, seen) = (DispatchSemaphore(value: 0), Seen())
        Thread {
          seen.size = Machine.measuredTeamSize
          done.signal()
        }.start()
        done.wait()
        if seen.size != threads { exit(1) }
      }
    }
  }
}

/// What one thread leaves for another, which waits.
private final class Seen: @unchecked Sendable {
  var size = 0
}
