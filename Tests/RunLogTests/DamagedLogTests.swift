import RunLog
import Testing

/// A log in which something else than a run has written: report and comparison are made all the same.
@Suite struct DamagedLogTests {
  private static let numbers = [
    "1e999", "-1e999", "1e308", "-1e308", "5e-324", "null", "\"text\"", "[]", "{}", "true", "9223372036854775807",
    "-9223372036854775808", "0", "-0.0", "1e15",
  ]

  /// Each kind of line with each of its members replaced by each strange value, among steps that are sound.
  private static func lines(_ value: String) -> [String] {
    let step = [
      "event": "\"step\"", "step": "7", "images": "448", "seconds": "0.7", "loss_discriminator": "1",
      "loss_generator": "1", "score_real": "0.5", "score_fake": "0.5", "images_per_second": "640",
      "scores_are_probabilities": "true", "gradient_generator": "1",
    ]
    let start = [
      "event": "\"resume\"", "step": "7", "recipe": "\"mlp\"", "dataset_count": "40", "parameters_generator": "10",
      "parameters_discriminator": "10", "batch": "8", "threads": "1", "steps_limit": "10",
      "scalars": #"[{"name":"loss_generator","title":"G","group":{"title":"Losses"}},{"name":"seconds"}]"#,
    ]
    let scalar = [
      "name": "\"loss_generator\"", "title": "\"G\"", "unit": "\"bits\"",
      "group": #"{"title":"Losses","label":"loss"}"#, "is_probability": "true",
    ]
    let rollback = ["event": "\"rollback\"", "step": "5", "from": "7", "attempt": "1", "reason": "\"nan\""]
    let alarm = ["event": "\"alarm\"", "step": "7", "alarm": "\"collapse\"", "evidence": "\"e\"", "advice": "\"a\""]
    let end = [
      "event": "\"end\"", "step": "8", "images": "512", "seconds": "0.8", "reason": "\"done\"", "exit_status": "0",
    ]
    let metric = [
      "metric": "\"fid\"", "value": "12", "deviation": "0.1", "floor": "1", "n_real": "40", "n_fake": "40",
      "seed": "1", "fingerprint": "\"f\"",
    ]
    let evaluations = metric.keys.map { key in
      "{\"event\":\"evaluation\",\"step\":8,\"seconds\":\(value),\"cost_seconds\":\(value),\"total_cost_seconds\":\(value),"
        + "\"is_best\":true,\"metrics\":[\(object(metric, key, value))]}"
    }
    let descriptions = scalar.keys.map { key in
      object(start.merging(["scalars": "[\(object(scalar, key, value))]"]) { $1 }, "step", "7")
    }
    let others = [step, start, rollback, alarm, end].flatMap { line in line.keys.map { object(line, $0, value) } }
    return others + descriptions + evaluations
  }

  private static func object(_ members: [String: String], _ key: String, _ value: String) -> String {
    let changed = members.merging([key: value]) { $1 }
    return "{" + changed.map { "\"\($0)\":\($1)" }.sorted().joined(separator: ",") + "}"
  }

  @Test(arguments: numbers) func strangeMembersAreShownOrPassedOver(value: String) throws {
    try withTemporaryFolder { folder in
      let run = try RunDirectory.create(folder + "/run")
      try write(#"{"recipe":"mlp","settings":{"batch":8},"run":{"seed":1}}"#, to: run.recipe)
      let log = try EventLog(run.log)
      for step in 1...6 { try log.append(.stepped(record(step))) }
      try write(read(run.log) + Self.lines(value).joined(separator: "\n") + "\n", to: run.log)
      try Report.write(for: run)
      #expect(try read(run.report).contains("<svg"))
      let comparison = try Comparison(of: [run.path]) { $0 == "fid" ? $1 < $2 : $1 > $2 }
      #expect(!comparison.text.isEmpty && !comparison.jsonLines.isEmpty)
      try comparison.writePage(to: folder + "/page.html")
    }
  }

  @Test(arguments: [Int.min, -1, Int.max]) func aLimitThatCannotBeIsNotDoubled(limit: Int) throws {
    try withTemporaryFolder { folder in
      let run = try RunDirectory.create(folder + "/run")
      try write(#"{"recipe":"mlp"}"#, to: run.recipe)
      let lines = [
        #"{"event":"resume","step":7,"recipe":"mlp","steps_limit":\#(limit)}"#,
        #"{"event":"end","step":8,"images":512,"seconds":0.8,"reason":"done","exit_status":0}"#,
      ]
      try write(lines.joined(separator: "\n") + "\n", to: run.log)
      try Report.write(for: run)
      let page = try read(run.report)
      #expect(page.contains("gan resume ") && !page.contains("--steps"))
    }
  }

  @Test func whatIsNoLineOfALogIsPassedOver() throws {
    try withTemporaryFolder { folder in
      let run = try RunDirectory.create(folder + "/run")
      try write(#"{"recipe":"mlp"}"#, to: run.recipe)
      let nonsense = [
        "", "{", "null", "[]", "7", "\"step\"", "{\"event\":\"step\"}", "{\"event\":7,\"step\":1}", "\u{0}\u{0}\u{0}",
        String(repeating: "[", count: 100_000), "{\"event\":\"evaluation\",\"step\":3,\"metrics\":[7,{}]}",
        "\u{FEFF}{}",
      ]
      try write(nonsense.joined(separator: "\n") + "\n", to: run.log)
      try Report.write(for: run)
      #expect(try Comparison(of: [run.path]) { $1 < $2 }.text.isEmpty == false)
    }
  }
}
