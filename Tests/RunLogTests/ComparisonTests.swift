import Files
import Foundation
import FoundationXML
import Pictures
import RunLog
import Testing

@Suite struct ComparisonTests {
  /// Makes the folder of a run of this objective and seed, with these events and some steps at the end.
  private func makeRun(
    _ path: String, objective: String = "hinge", seed: Int = 1, steps: Int = 100, _ events: TrainingEvent...
  ) throws {
    let run = try RunDirectory.create(path)
    // Plans follow from the load of the machine, and set no run apart.
    let plans = seed == 2 ? #","plans":[{"step":50,"steps":90}]"# : ""
    try write(
      #"{"recipe":"mlp","settings":{"batch":64,"objective":"\#(objective)"},"run":{"data":"digits","seed":\#(seed)"#
        + "\(plans)}}",
      to: run.recipe)
    let log = try EventLog(run.log)
    for event in [start()] + events + [.stepped(record(steps)), end(steps)] { try log.append(event) }
  }

  private func comparison(_ paths: [String], metrics: [String]? = nil) throws -> Comparison {
    try Comparison(of: paths, metrics: metrics) { $0 == "fid" ? $1 < $2 : $1 > $2 }
  }

  /// The cells of a line of the table, which are set apart by three spaces or more.
  private func cells(_ name: String, in text: String) throws -> [String] {
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix(name + "   ") }, "\(name) in\n\(text)")
    return line.dropFirst(name.count).components(separatedBy: "   ").map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { !$0.isEmpty }
  }

  @Test func seedsAreGroupedWithMeanAndDeviation() throws {
    try withTemporaryFolder { folder in
      let values = [10.0, 14, 12]
      for (index, value) in values.enumerated() {
        try makeRun(
          folder + "/a\(index)", seed: index + 1, evaluation(50, isBest: true, metric("fid", value)),
          evaluation(100, metric("fid", value + 10)))
      }
      try makeRun(
        folder + "/b", objective: "least-squares", steps: 200, evaluation(50, isBest: true, metric("fid", 5)),
        alarm(60),
        alarm(70), alarm(80, "divergence"))
      let comparison = try comparison(["a0", "b", "a1", "a2"].map { folder + "/" + $0 })
      let text = comparison.text
      #expect(text.split(separator: "\n").first?.split(separator: " ") == ["b", "a0"], "the better group comes first")
      #expect(try cells("runs", in: text) == ["1 run, seed 1", "3 runs, seed 1, 2, 3"])
      #expect(try cells("objective", in: text) == ["least-squares", "hinge"])
      #expect(!text.contains("batch") && !text.contains("data "), "what is the same is not told")
      #expect(try cells("fid, best", in: text) == ["5", "12.0 ± 2.0"])
      #expect(try cells("fid, newest", in: text) == ["5", "22.0 ± 2.0"])
      #expect(try cells("steps", in: text) == ["200", "100"])
      #expect(try cells("minutes", in: text) == ["0.3", "0.2"])
      #expect(try cells("samples per second", in: text) == ["640", "640"])
      #expect(try cells("alarms", in: text) == ["collapse (2), divergence", "none"])
      #expect(text.contains("a single run has none"))
    }
  }

  @Test func valuesThatAreNotComparableStandOnLinesOfTheirOwn() throws {
    try withTemporaryFolder { folder in
      try makeRun(folder + "/a", evaluation(50, isBest: true, metric("fid", 10), metric("recall", 0.5)))
      try makeRun(
        folder + "/b", seed: 2, evaluation(50, isBest: true, metric("fid", 3, fakeCount: 5000), metric("recall", 0.25)))
      let text = try comparison([folder + "/a", folder + "/b"]).text
      #expect(try cells("fid (10,000 generated), best", in: text) == ["10 (1 of 2)"])
      #expect(try cells("fid (5,000 generated), best", in: text) == ["3 (1 of 2)"])
      #expect(try cells("recall, best", in: text) == ["0.38 ± 0.18"])
      #expect(
        text.contains(
          "Not comparable, so on separate lines: fid (10,000 generated) and fid (5,000 generated)."))
    }
  }

  @Test func aRunThatWasNotJudgedGetsADashAndTheCommand() throws {
    try withTemporaryFolder { folder in
      try makeRun(folder + "/a", evaluation(50, isBest: true, metric("fid", 10)))
      try makeRun(folder + "/b", objective: "minimax")
      let text = try comparison([folder + "/b", folder + "/a"]).text
      #expect(try cells("fid, best", in: text) == ["–", "10"])
      #expect(text.contains("b has no evaluation yet; run gan evaluate \(folder)/b"))
    }
  }

  @Test func jsonHasALineForEachGroup() throws {
    try withTemporaryFolder { folder in
      for seed in 1...2 {
        try makeRun(
          folder + "/a\(seed)", seed: seed,
          evaluation(50, isBest: true, metric("fid", Double(seed) * 2), metric("is", 3)),
          alarm(60))
      }
      try makeRun(folder + "/b", objective: "minimax")
      let comparison = try comparison(["a1", "a2", "b"].map { folder + "/" + $0 }, metrics: ["fid", "kid"])
      let objects = try comparison.jsonLines.map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
      try #require(objects.count == 2)
      #expect(objects[0]["runs"] as? [String] == [folder + "/a1", folder + "/a2"])
      #expect(objects[0]["seeds"] as? [String] == ["1", "2"])
      #expect(objects[0]["settings"] as? [String: String] == ["objective": "hinge"])
      #expect(objects[0]["alarms"] as? [String] == ["collapse", "collapse"])
      #expect(objects[0]["steps"] as? Double == 100 && objects[0]["seconds"] as? Double == 10)
      let metrics = try #require(objects[0]["metrics"] as? [[String: Any]])
      #expect(metrics.map { $0["metric"] as? String } == ["fid"])
      #expect(metrics[0]["best"] as? Double == 3 && metrics[0]["best_deviation"] as? Double == 2.0.squareRoot())
      #expect(metrics[0]["best_runs"] as? Int == 2 && metrics[0]["extractor"] as? String == "classifier (digits)")
      #expect((objects[1]["metrics"] as? [Any])?.isEmpty == true)
    }
  }

  @Test func manyGroupsAreBrokenIntoBlocksThatFit() throws {
    try withTemporaryFolder { folder in
      let names = (0..<9).map { "a-run-with-a-long-name-\($0)" }
      for name in names { try makeRun(folder + "/" + name, objective: name) }
      let table = try comparison(names.map { folder + "/" + $0 }).text.components(separatedBy: "\n\n").dropLast()
      #expect(table.count == 3)
      #expect(table.allSatisfy { $0.split(separator: "\n").allSatisfy { $0.count <= 100 } })
    }
  }

  @Test func groupsOfOneNameGoByTheirPaths() throws {
    try withTemporaryFolder { folder in
      for parent in ["x", "y"] { try makeRun(folder + "/\(parent)/run", objective: parent) }
      let text = try comparison([folder + "/x/run", folder + "/y/run"]).text
      #expect(text.contains(folder + "/x/run") && text.contains(folder + "/y/run"))
    }
  }

  @Test func thePageStandsAloneAndIsSafe() throws {
    try withTemporaryFolder { folder in
      let hostile = "<script>'a'"
      try makeRun(
        folder + "/" + hostile, objective: hostile,
        evaluation(50, isBest: true, metric("fid", 10, floor: 2, extractor: hostile, fingerprint: hostile)),
        evaluation(100, metric("fid", 11, floor: 2, extractor: hostile, fingerprint: hostile)), alarm(60, hostile))
      try makeRun(folder + "/b", evaluation(50, isBest: true, metric("fid", 12, floor: 2)))
      let picture = try Picture(width: 8, height: 4, channels: 1, pixels: [UInt8](repeating: 9, count: 32))
      _ = try RunDirectory.open(folder + "/b").writeSample(picture, step: 100)
      try comparison([folder + "/" + hostile, folder + "/b"]).writePage(to: folder + "/page.html")
      let page = try read(folder + "/page.html")
      for words in ["http:", "https:", "<script", "<link", "@import", "url("] {
        #expect(!page.contains(words), "\(words)")
      }
      #expect(page.contains("&lt;script&gt;"))
      #expect(page.contains("alt=\"b, seed 1, step 100\" width=\"8\""))
      #expect(page.contains("No samples have been drawn yet"))
      let charts = page.components(separatedBy: "<svg").dropFirst()
      #expect(charts.count == 2, "values of two judges are in two charts")
      for chart in charts {
        let svg = "<svg" + (chart.components(separatedBy: "</svg>").first ?? "") + "</svg>"
        #expect(XMLParser(data: Data(svg.utf8)).parse())
      }
    }
  }

  @Test func faultsAreSentences() throws {
    try withTemporaryFolder { folder in
      try makeRun(folder + "/a")
      try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: folder + "/a")
      try makeRun(folder + "/damaged")
      try write("{", to: folder + "/damaged/recipe.json")
      for (paths, words) in [
        (["a", "nowhere"], "nowhere: there is no such run folder"), (["."], "this is not a run folder"),
        (["a", "a/"], "this run is listed twice, also as \(folder)/a"), (["a", "link"], "listed twice"),
        (["damaged"], "this is not a JSON object"),
      ] {
        let error = #expect(throws: FileError.self) { _ = try comparison(paths.map { folder + "/" + $0 }) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
      }
    }
  }
}
