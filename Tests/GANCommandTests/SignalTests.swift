import Foundation
import Testing

@Suite(.serialized) struct SignalTests {
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func aStopFinishesTheStepAndSaves(signal: Int32) throws {
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
    #expect(resumed.status == 0 && resumed.error.contains("resuming after step"))
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
    try process.wait { try !process.isPending(SIGTERM) }
    #expect(process.isRunning)
    process.send(SIGTERM)
    let outcome = try process.end()
    #expect(outcome.status == 143 && !outcome.wasKilled)
    #expect(try place.steps("end").isEmpty)
    #expect(try place.names(in: "run/checkpoints") == ["step-000000000.safetensors"])
  }

  /// A closed terminal sends SIGHUP twice: once by the shell, once by the system.
  @Test func aSecondHangUpIsNoSecondDemand() throws {
    let place = try Workplace()
    let process = try place.startTraining("--set", "accumulation=2000")
    try process.wait { place.hasStarted() }
    for _ in 0..<2 {
      process.send(SIGHUP)
      try process.wait { try !process.isPending(SIGHUP) }
    }
    let outcome = try process.end()
    #expect(outcome.status == 129 && !outcome.wasKilled, "\(outcome.error)")
    #expect(try place.steps("checkpoint") == [1])
  }

  /// As under nohup, and in the background of a script.
  @Test(arguments: [("HUP", SIGHUP), ("INT", SIGINT)]) func whatWasIgnoredStaysIgnored(name: String, signal: Int32)
    throws
  {
    let place = try Workplace()
    let process = try GanProcess(
      ["train", "mlp", "--out", "run", "--steps", "1000000"] + Workplace.small, in: place.path, shell: "trap '' \(name)"
    )
    try process.wait { try place.hasStarted() && (place.steps("step").last ?? 0) > 3 }
    process.send(signal)
    let step = try #require(try place.steps("step").last)
    try process.wait { (try place.steps("step").last ?? 0) > step + 20 }
    process.send(SIGTERM)
    #expect(try process.end().status == 143)
  }

  /// A terminal that is gone refuses every write; the run goes on until it is asked to end, and is saved.
  @Test func aRunOutlivesItsTerminal() throws {
    let place = try Workplace()
    let (terminal, name) = try openTerminal()
    let process = try GanProcess(
      ["train", "mlp", "--out", "run", "--steps", "1000000", "--checkpoint-every", "50"] + Workplace.small,
      in: place.path, shell: "exec 2>\(name)")
    try process.wait { try place.hasStarted() && (place.steps("step").last ?? 0) > 3 }
    close(terminal)
    let step = try #require(try place.steps("step").last)
    try process.wait { (try place.steps("step").last ?? 0) > step + 50 }
    process.send(SIGTERM)
    #expect(try process.end().status == 143)
    let end = try #require(try place.log().last)
    #expect(end["event"] as? String == "end")
    #expect(try place.steps("checkpoint").last == end["step"] as? Int)
  }

  /// A new pseudo-terminal: its master, and the name of its other end. Swift does not import `posix_openpt`.
  private func openTerminal() throws -> (master: Int32, name: String) {
    let (unlock, numberOf): (UInt, UInt) = (0x4004_5431, 0x8004_5430)  // TIOCSPTLCK, TIOCGPTN
    let master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var (isLocked, number): (Int32, UInt32) = (0, 0)
    try #require(master >= 0 && ioctl(master, unlock, &isLocked) == 0 && ioctl(master, numberOf, &number) == 0)
    return (master, "/dev/pts/\(number)")
  }

  /// A process that is stopped for three seconds trains none of them.
  @Test func timeInWhichItWasStoppedDoesNotCount() throws {
    let place = try Workplace()
    let process = try place.startTraining("--steps", "1000000")
    try process.wait { try place.hasStarted() && (place.steps("step").last ?? 0) > 3 }
    process.send(SIGSTOP)
    try process.wait { try process.state() == "T" }
    let before = try #require(try place.log().last { $0["event"] as? String == "step" }?["seconds"] as? Double)
    let stopped = Date.now
    while Date.now.timeIntervalSince(stopped) < 4 { usleep(100_000) }
    process.send(SIGCONT)
    let lines = try place.log().count
    try process.wait { try place.log().count > lines }
    let after = try #require(try place.log().last { $0["event"] as? String == "step" }?["seconds"] as? Double)
    #expect(after - before < 2.5, "\(after - before)")
    process.send(SIGTERM)
    #expect(try process.end().status == 143)
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
