import Foundation
import Testing

@Suite(.serialized) struct CompareCommandTests {
  /// Two seeds of one game and one of another, which none has judged.
  private func trained() throws -> Workplace {
    let place = try Workplace()
    for (folder, seed, changes) in [("a", "1", []), ("b", "2", []), ("c", "1", ["--set", "objective=hinge"])] {
      let arguments = ["train", "mlp", "--out", folder, "--seed", seed, "--steps", "2"] + Workplace.small + changes
      let outcome = try GanProcess(arguments, in: place.path).end()
      #expect(outcome.status == 0, "\(outcome.error)")
    }
    return place
  }

  @Test func realRunsBecomeATableAndAPage() throws {
    let place = try trained()
    let outcome = try place.gan("compare", "a", "b", "c/")
    #expect(outcome.status == 0, "\(outcome.error)")
    #expect(outcome.error == "page  compare.html\n")
    let lines = outcome.output.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(lines.first == "a c")
    #expect(lines.contains("runs 2 runs, seed 1, 2 1 run, seed 1"))
    #expect(lines.contains("objective non-saturating hinge"))
    #expect(lines.contains("steps 2 2"))
    // Nothing else differs between the groups.
    let names = ["runs", "objective", "steps", "minutes", "images", "alarms"]
    #expect(outcome.output.components(separatedBy: "\n\n")[0].split(separator: "\n").count == names.count + 1)
    let page = String(decoding: try place.data("compare.html"), as: UTF8.self)
    #expect(page.components(separatedBy: "<img ").count == 4)
  }

  @Test func jsonIsAllThereIsOnStandardOutput() throws {
    let place = try trained()
    let outcome = try place.gan("compare", "a", "b", "c", "--json", "--out", "page.html", "--metrics", "fid,recall")
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    let objects = try place.lines(Data(outcome.output.utf8))
    #expect(objects.map { $0["runs"] as? [String] } == [["a", "b"], ["c"]])
    #expect(objects[1]["settings"] as? [String: String] == ["objective": "hinge"])
    #expect(place.has("page.html") && !place.has("compare.html"))
  }

  @Test func faultsAreSentences() throws {
    let place = try Workplace()
    #expect(try place.train("--steps", "1").status == 0)
    for (arguments, status, words) in [
      ([], 2, "RUN"), (["nowhere"], 1, "there is no such run folder"), (["."], 1, "this is not a run folder"),
      (["run", "./run"], 1, "this run is listed twice"), (["run", "--metrics", "fib"], 2, "did you mean 'fid'?"),
      (["run", "--out", "nowhere/page.html"], 1, "nowhere/page.html"),
    ] {
      let outcome = try GanProcess(["compare"] + arguments, in: place.path).end()
      #expect(outcome.status == Int32(status) && outcome.error.contains(words), "\(outcome.error)")
      #expect(outcome.output.isEmpty)
    }
  }
}
