import Foundation
import GAN
import Synchronization
import Testing

@Suite struct RunningClockTests {
  /// The time that a clock under test reads.
  private final class Hand: Sendable {
    private let time = Mutex(1000.0)
    var now: Double { time.withLock { $0 } }
    func turn(_ seconds: Double) { time.withLock { $0 += seconds } }
  }

  @Test func aBusyMachinesTimeCountsWhole() {
    let hand = Hand()
    let clock = RunningClock { hand.now }
    // Each waking is late by a different, large amount.
    for late in [0.1, 0.9, 0.4, 1.0, 0.6] {
      hand.turn(late)
      _ = clock.seconds
    }
    #expect(abs(clock.seconds - 3) < 1e-9)
  }

  @Test func aNightDoesNotCount() {
    let hand = Hand()
    let clock = RunningClock { hand.now }
    hand.turn(0.5)
    #expect(abs(clock.seconds - 0.5) < 1e-9)
    hand.turn(8 * 3600)
    #expect(clock.seconds <= 1.5 + 1e-9)
    hand.turn(0.25)
    #expect(abs(clock.seconds - 1.75) < 1e-9)
  }

  @Test func timeNeverRunsBackwards() {
    let hand = Hand()
    let clock = RunningClock { hand.now }
    hand.turn(0.5)
    let before = clock.seconds
    hand.turn(-3)
    #expect(clock.seconds == before)
  }

  /// Without its thread a single span of two seconds would count for one.
  @Test func theThreadReadsALongStepWhole() {
    let clock = RunningClock()
    let began = ContinuousClock.now
    Thread.sleep(forTimeInterval: 2)
    let counted = clock.seconds
    #expect(counted > 1.5 && counted <= (ContinuousClock.now - began) / .seconds(1) + 0.01)
  }

  @Test func aRunsSecondsAreThoseOfItsClock() throws {
    try withFolder { folder in
      let data = try tinyPictures(in: folder)
      let trainer = try Trainer(
        try tinyRecipe(.mlp), data: data, run: .create(folder + "/run"), settings: tinySettings(data))
      let hand = Hand()
      // Half a minute passes in each step, as on a machine that sleeps, of which a second counts.
      trainer.clock = RunningClock {
        hand.turn(30)
        return hand.now
      }
      let end = try trainer.run(until: Limits(steps: 10, minutes: 1))
      #expect(end.step == 10 && end.reason == .completed)
      #expect(abs(end.seconds - 10) < 1e-6)
    }
  }
}
