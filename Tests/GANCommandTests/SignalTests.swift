import Foundation
import Testing

@Suite(.serialized) struct SignalTests {
  @Test(arguments: [SIGINT, SIGTERM]) func aStopFinishesTheStepAndSaves(signal: Int32) throws {
    let place = try Workplace()
    let process = try place.startTraining("--steps", "1000000", "--checkpoint-every", "1000000")
    try process.wait { try place.hasStarted() && (place.steps("step").last ?? 0) > 3 }
    process.send(signal)
    let outcome = try process.end()
    #expect(outcome.status == 128 + signal && !outcome.wasKilled)
    let end = try #require(try place.log().last)
    let step = try #require(end["step"] as? Int)
    #expect(end["event"] as? String == "end" && end["exit_status"] as? Int == Int(128 + signal))
    #expect(try place.steps("checkpoint") == [step])
    let resumed = try place.gan("resume", "run", "--steps", "\(step + 2)")
    #expect(resumed.status == 0 && resumed.error.contains("going on after step"))
    // No step is doubled or missing among the first hundred, which are all logged.
    let steps = try place.steps("step").filter { $0 <= 100 }
    #expect(steps == Array(1...steps.count))
  }

  @Test func aSecondStopEndsAtOnce() throws {
    let place = try Workplace()
    // A step that takes much longer than the test waits.
    let process = try place.startTraining("--set", "accumulation=100000")
    try process.wait { place.hasStarted() }
    process.send(SIGTERM)
    usleep(200_000)
    #expect(process.isRunning)
    process.send(SIGTERM)
    let outcome = try process.end()
    #expect(outcome.status == 143 && !outcome.wasKilled)
    #expect(try place.steps("end").isEmpty)
    #expect(try place.names(in: "run/checkpoints") == ["step-000000000.safetensors"])
  }

  @Test func aWishToSaveIsHeardAndTheRunGoesOn() throws {
    let place = try Workplace()
    let process = try place.startTraining("--steps", "1000000", "--checkpoint-every", "1000000")
    try process.wait { try place.hasStarted() && (place.steps("step").last ?? 0) > 3 }
    process.send(SIGUSR1)
    try process.wait { try !place.steps("checkpoint").isEmpty }
    let saved = try #require(try place.steps("checkpoint").last)
    try process.wait { (try place.steps("step").last ?? 0) > saved }
    #expect(process.isRunning)
    process.send(SIGINT)
    #expect(try process.end().status == 130)
    #expect(place.has("run/generator.safetensors"))
  }
}
