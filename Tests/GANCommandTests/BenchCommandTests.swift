import Foundation
import Testing

@Suite(.serialized) struct BenchCommandTests {
  private static let quick = [
    "--threads", "1", "--warm-up", "1", "--steps", "3", "--profile", "2", "--set", "base_width=4",
  ]

  private func bench(_ arguments: String...) throws -> (GanProcess.Outcome, Workplace) {
    let place = try Workplace()
    return (try GanProcess(["bench"] + arguments + Self.quick, in: place.path).end(), place)
  }

  @Test func jsonIsOneObjectWithWhatWasMeasured() throws {
    let (outcome, place) = try bench(
      "mlp", "--batch", "16", "--size", "12x8", "--channels", "3", "--precision", "float32", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    let objects = try place.lines(Data(outcome.output.utf8))
    let object = try #require(objects.first)
    #expect(objects.count == 1)
    #expect(object["recipe"] as? String == "mlp" && object["measured"] as? String == "training")
    #expect(object["batch"] as? Int == 16 && object["precision"] as? String == "float32")
    #expect(object["update"] as? String == "alternating" && object["threads"] as? Int == 1)
    #expect(object["width"] as? Int == 12 && object["height"] as? Int == 8 && object["channels"] as? Int == 3)
    #expect(object["steps"] as? Int == 3 && object["warm_up"] as? Int == 1)
    let milliseconds = try #require(object["milliseconds_per_step"] as? Double)
    let rate = try #require(object["images_per_second"] as? Double)
    #expect(abs(milliseconds * rate / 16_000 - 1) < 1e-6)
    #expect(try #require(object["milliseconds_least"] as? Double) <= milliseconds)
    #expect(try #require(object["milliseconds_most"] as? Double) >= milliseconds)
    let mean = try #require(object["milliseconds_per_step_mean"] as? Double)
    let high = try #require(object["milliseconds_per_step_p95"] as? Double)
    let most = try #require(object["milliseconds_most"] as? Double)
    #expect(milliseconds <= high && high <= most && mean <= most)
    #expect((object["settings"] as? [String: Any])?["base_width"] as? Int == 4)
    #expect(try #require(object["peak_bytes"] as? Int) > 50_000_000)
    // The process took longer than a step until its first one was done.
    #expect(try #require(object["first_step_seconds"] as? Double) > milliseconds / 1000)
    let parts = try #require(object["parts"] as? [[String: Any]])
    #expect(parts.contains { $0["name"] as? String == "real images" && $0["milliseconds"] is Double })
    let operations = try #require(object["operations"] as? [[String: Any]])
    // Both players' turns take the same latents, which are drawn once.
    #expect(operations.first { $0["name"] as? String == "gan::normal_rows_" }?["calls"] as? Double == 1)
    let times = operations.compactMap { $0["milliseconds"] as? Double }
    #expect(times.count == operations.count)
    #expect(times.reduce(0, +) <= (object["milliseconds_per_profiled_step"] as? Double ?? 0))
    #expect(try place.names(in: ".").filter { !$0.hasPrefix(".") } == ["pictures.npy"])
  }

  @Test func peopleGetAHeadlineAndTwoTables() throws {
    let (outcome, _) = try bench("dcgan-keras", "--batch", "8", "--update", "alternating")
    #expect(outcome.status == 0, "\(outcome.error)")
    let sections = outcome.output.components(separatedBy: "\n\n").map { $0.split(separator: "\n") }
    try #require(sections.count == 3)
    #expect(sections[0].first?.hasPrefix("dcgan-keras, alternating training of 28x28x1, batch 8, ") == true)
    #expect(sections[0][1].contains(" ms per step, median of 3 (") && sections[0][1].hasSuffix(" images per second"))
    #expect(sections[1].contains { $0.hasPrefix("backward for D ") && $0.hasSuffix(" %") })
    #expect(sections[2].dropFirst().prefix(21).allSatisfy { $0.contains(/\s+\d+\.\d{3} +\d+\.\d % +\d+\.\d$/) })
    #expect(sections[2][21].contains(#/^\d+ others /#))
    #expect(sections[2].last?.hasPrefix("a profiled step ") == true && sections[2].last?.contains("100.0 %") == true)
    // Head, 20 operators, the rest, what is outside of them, and the whole.
    #expect(sections[2].count == 24)
  }

  /// `--set base_width=4` stands in for the width.
  @Test func autoIsWhatItWouldPlay() throws {
    let (outcome, _) = try bench("auto", "--minutes", "3", "--channels", "3", "--batch", "16")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(
      outcome.output.hasPrefix("auto (dcgan, base width 4), alternating training of 28x28x3, batch 16, "),
      "\(outcome.output)")
    #expect(
      outcome.error.contains("auto: dcgan, base width 4, batch 16: ") && outcome.error.contains("auto: classes: both"))
    #expect(!outcome.error.contains(" steps: "))
  }

  @Test func generationHasNoPlayersThatMove() throws {
    let (outcome, place) = try bench("dcgan-keras", "--generate", "--batch", "1", "--json")
    #expect(outcome.status == 0, "\(outcome.error)")
    let object = try #require(try place.lines(Data(outcome.output.utf8)).first)
    #expect(object["measured"] as? String == "generation" && object["update"] == nil)
    #expect((object["parts"] as? [Any])?.isEmpty == true)
  }

  @Test(arguments: [
    (["mlpp"], "did you mean 'mlp'?"),
    (["--stpes", "3"], "did you mean '--steps'?"),
    (["mlp", "--set", "bacth=3"], "did you mean batch?"),
    (["mlp", "--update", "both"], "--update needs one of alternating, simultaneous"),
    (["mlp", "--generate", "--update", "alternating"], "--update would have no effect"),
    (["mlp", "--minutes", "2"], "only auto depends on the time limit"),
    (["auto", "--minutes", "0"], "--minutes must be above 0"),
    (["auto", "--set", "top_k_steps=5"], "top_k_steps is for a top_k below 1"),
    (["mlp", "--channels", "2"], "--channels needs 1 or 3, got 2"),
    (["mlp", "--steps", "0"], "--steps needs a number from 1"),
    (["mlp", "--warm-up=-1"], "--warm-up needs a number from 0"),
    (["mlp", "--profile=-1"], "--profile needs a number from 0"),
    (["mlp", "--threads", "0"], "--threads needs a number from 1"),
    (["dcgan-keras", "--size", "10x10"], "multiples of 4"),
    (["dcgan", "--size", "11x11"], "near: 10"),
    (["mlp", "--batch", "1000000", "--size", "100x100"], "takes too much of this machine's memory"),
  ])
  func benchRefuses(arguments: [String], words: String) throws {
    let place = try Workplace()
    let outcome = try GanProcess(["bench"] + arguments, in: place.path).end()
    #expect(outcome.status == 2 && outcome.error.contains(words), "\(outcome.error)")
    #expect(outcome.output.isEmpty)
  }
}
