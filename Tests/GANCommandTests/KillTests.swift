import Foundation
import Testing

@Suite(.serialized) struct KillTests {
  /// Ten kills at moments that differ, most of them in the middle of a save, since every step is saved. What comes out
  /// in the end is what an undisturbed run gives, to the bit.
  @Test func killsLoseNothingButTheUnsaved() throws {
    let place = try Workplace()
    var reached = 0
    for kill in 0..<10 {
      let process =
        kill == 0
        ? try place.startTraining("--steps", "100000", "--checkpoint-every", "1")
        : try GanProcess(["resume", "run"], in: place.path)
      let known = reached
      try process.wait { (try newestStep(place) ?? 0) > known }
      usleep(UInt32(kill * 7919 % 23_000))
      process.send(SIGKILL)
      let outcome = try process.end()
      #expect(outcome.wasKilled)
      #expect(!outcome.error.contains("skipped checkpoint"), "\(outcome.error)")
      reached = try #require(try newestStep(place))
    }
    let last = reached + 2
    let end = try place.gan("resume", "run", "--steps", "\(last)")
    #expect(end.status == 0 && !end.error.contains("skipped checkpoint"), "\(end.error)")
    let leftovers = try place.names(in: "run/checkpoints").filter { !$0.hasPrefix("step-") }
    #expect(leftovers.isEmpty)

    let undisturbed = try place.gan(
      "train", "--recipe", "run/recipe.json", "--out", "again", "--steps", "\(last)", "--quiet")
    #expect(undisturbed.status == 0, "\(undisturbed.error)")
    #expect(try place.data("again/generator.safetensors") == place.data("run/generator.safetensors"))
    #expect(try place.steps("step") == place.steps("step", in: "again"))
  }

  private func newestStep(_ place: Workplace) throws -> Int? {
    guard place.has("run/checkpoints") else { return nil }
    return try place.names(in: "run/checkpoints").filter { $0.hasPrefix("step-") }.compactMap {
      Int($0.dropFirst(5).prefix { $0 != "." })
    }.max()
  }
}
