import Foundation
import FoundationXML
import Pictures
import RunLog
import Testing

@Suite struct ReportTests {
  /// A page of a run with these events and this recipe.
  private func page(
    _ events: [TrainingEvent], recipe: String = "{}", in name: String = "run",
    _ prepare: (RunDirectory) throws -> Void = { _ in }
  ) throws -> String {
    try withTemporaryFolder { folder in
      let run = try RunDirectory.create(folder + "/" + name)
      try write(recipe, to: run.recipe)
      let log = try EventLog(run.log)
      for event in events { try log.append(event) }
      try prepare(run)
      try Report.write(for: run)
      return try read(run.report)
    }
  }

  private func charts(_ page: String) -> [String] {
    page.components(separatedBy: "<svg").dropFirst().map {
      "<svg" + ($0.components(separatedBy: "</svg>").first ?? "") + "</svg>"
    }
  }

  @Test func thePageHasWhatAReaderLooksFor() throws {
    let steps = (1...300).map { TrainingEvent.stepped(record($0)) }
    let recipe = #"{"seed":7,"rates":[1,2.50,1e-05],"optimizer":{"adam":{"beta1":0.5,"fused":true}},"none":null}"#
    let page = try page([start()] + steps + [end(300)], recipe: recipe)
    for words in [
      "dcgan on digits", "completed", "<b>300</b><span>steps of 2,000</span>", "30 s", "1.4M",
      "Probability of being real",
      "<th>seed</th><td>7</td>", "1, 2.50, 1e-05", "adam.<wbr>beta1</th><td>0.5", "adam.<wbr>fused</th><td>yes",
      "/run --steps 4000</pre>", "gan sample ", "No samples have been drawn yet",
    ] { #expect(page.contains(words), "\(words)") }
    #expect(charts(page).count == 3)
  }

  @Test func thePageStandsAlone() throws {
    let page = try page([start(), .stepped(record(1)), end(1)])
    for words in ["http:", "https:", "<script", "<link", "@import", "url("] {
      #expect(!page.contains(words), "\(words)")
    }
  }

  @Test func hostileTextIsText() throws {
    let hostile = "</title><script>alert(\"x\")</script>&'\u{0}"
    let quoted = "\\u003c/td>\\u003cscript>alert(1)\\u003c/script>"
    let page = try page(
      [
        start(recipe: hostile), .stepped(record(1)), .warned(step: 1, message: hostile),
        .rolledBack(from: 2, to: 1, attempt: 1, reason: hostile), end(1, .guardTripped(hostile)),
      ], recipe: "{\"\(quoted)\":\"\(quoted)\",\"\(quoted) \":{\"\(quoted)\":1}}", in: "<script>'run'")
    #expect(!page.contains("<script"))
    #expect(page.contains("&lt;script&gt;alert(&quot;x&quot;)"))
    #expect(page.contains("gan resume &#39;"), "a path with odd characters is quoted for the shell")
    for chart in charts(page) { #expect(XMLParser(data: Data(chart.utf8)).parse()) }
  }

  @Test func chartsAreValidAndSmallHoweverLongTheLog() throws {
    var events: [TrainingEvent] = [start(stepsLimit: nil, probabilities: false)]
    for step in 1...6000 {
      var step = record(
        step * 100, lossOfD: step == 17 ? .nan : step == 40 ? 1e300 : Double(step % 7), probabilities: false)
      step[Scalar.scores(areProbabilities: false).real] = Double(step.step % 11) - 5
      events.append(.stepped(step))
    }
    let page = try page(events)
    let drawn = charts(page)
    #expect(drawn.count == 3)
    for chart in drawn {
      #expect(XMLParser(data: Data(chart.utf8)).parse())
      #expect(!chart.contains("nan") && !chart.contains("inf"))
      for line in chart.components(separatedBy: "class=\"line").dropFirst() {
        let path = line.components(separatedBy: "/>")[0]
        #expect((300...400).contains(path.filter { $0 == "L" }.count + 1))
      }
    }
    #expect(drawn[0].contains("class=\"band first\""))
    #expect(page.utf8.count < 200_000)
    #expect(page.contains("<b>Scores</b>"))
  }

  @Test func everyGroupOfScalarsHasAChartWithItsTitles() throws {
    let bits = Scalar.Group(title: "Likelihood")
    let scalars = (1...8).map { Scalar("nats_\($0)", title: "part \($0)", unit: "bits", group: bits) } + [.lossOfD]
    let steps = (1...3).map { number in
      var step = record(number)
      step.scalars = [.lossOfD: 1]
      for scalar in scalars { step[scalar] = Double(number) }
      return TrainingEvent.stepped(step)
    }
    let page = try page([start(scalars: scalars)] + steps)
    #expect(charts(page).count == 3)
    #expect(page.contains("<figcaption><b>Losses</b><span class=\"key first\">D <b>3</b></span></figcaption>"))
    let legend = (1...8).map { index in
      let style = ["first", "second", "third", "fourth", "fifth", "sixth"][(index - 1) % 6]
      return "<span class=\"key \(style)\">part \(index) <b>3</b></span>"
    }
    #expect(page.contains("<figcaption><b>Likelihood, bits</b>" + legend.joined() + "</figcaption>"))
  }

  @Test func aTitleKeepsItsColour() throws {
    var step = record(1)
    step[.gradient] = 0.25
    let page = try page([start(), .stepped(step)])
    #expect(page.contains("<figcaption><b>Gradient norm</b><span class=\"key second\">G <b>0.250</b></span>"))
    #expect(page.contains("<span class=\"key second\">G <b>0.750</b></span>"))
    #expect(page.contains("<span class=\"key first\">D(x) <b>0.625</b></span>"))
  }

  @Test func scalarsThatALogDoesNotDescribeGoByTheirNames() throws {
    let page = try page([]) { run in
      let lines = (1...2).map { step in
        #"{"event":"step","step":\#(step),"images":8,"seconds":1,"loss_discriminator":1.5,"loss_generator":null,"#
          + #""score_real":0.5,"images_per_second":8,"scores_are_probabilities":true,"note":"x"}"#
      }
      let began = #"{"event":"start","step":0,"recipe":"mlp","parameters_generator":7}"#
      try write(([began] + lines).joined(separator: "\n") + "\n", to: run.log)
    }
    #expect(page.contains("<figcaption><b>loss</b><span class=\"key first\">loss_discriminator <b>1.500</b></span>"))
    #expect(page.contains("<figcaption><b>score</b><span class=\"key first\">score_real <b>0.500</b></span>"))
    #expect(page.contains("<b>7</b><span>generator parameters</span>"))
    #expect(charts(page).count == 3, "two groups and the speed")
  }

  @Test(arguments: [10, 20]) func stepsUndoneByARollbackLeaveTheCurves(lastStep: Int) throws {
    let before = (1...20).map { TrainingEvent.stepped(record($0, lossOfD: $0 > 10 ? 5000 : 1)) }
    let after = (11..<lastStep + 1).map { TrainingEvent.stepped(record($0, lossOfD: 1.5)) }
    let page = try page(
      [start()] + before + [.rolledBack(from: 20, to: 10, attempt: 1, reason: "the loss is not finite")] + after)
    #expect(page.contains("rollback: at step 20: the loss is not finite (attempt 1)"))
    #expect(page.contains("<title>rolled back to step 10</title>"))
    #expect(!charts(page)[0].contains("5k"))
    #expect(page.contains("not finished when this page was written"))
  }

  @Test(arguments: [0, 1, 2, 12, 13, 100])
  func samplesAreChosenEvenly(count: Int) throws {
    let picture = try Picture(width: 900, height: 6, channels: 1, pixels: [UInt8](repeating: 9, count: 5400))
    let page = try page([start()]) { run in
      for step in 0..<count { _ = try run.writeSample(picture, step: step * 10) }
    }
    let shown = page.components(separatedBy: "<figcaption>step ").dropFirst().compactMap { text in
      text.components(separatedBy: "<").first.flatMap { Int($0) }
    }
    #expect(shown.count == min(count, 12))
    #expect(Set(shown).count == shown.count)
    if count > 1 {
      #expect(shown.first == (count - 1) * 10, "the newest is on top")
      #expect(shown.dropFirst().first == 0)
      #expect(shown.dropFirst() == shown.dropFirst().sorted()[...])
      #expect(page.contains("width=\"900\"") && page.contains("width=\"300\""))
    }
  }

  @Test func theNewestSamplesSayWhatStandsWhere() throws {
    let picture = try Picture(width: 4, height: 4, channels: 1, pixels: [UInt8](repeating: 9, count: 16))
    let page = try page([
      start(), .sampled(step: 1, path: "a", caption: "Left: <a>."),
      .sampled(step: 2, path: "b", caption: "Left to right: b."),
    ]) { run in
      for step in 1...2 { _ = try run.writeSample(picture, step: step) }
    }
    #expect(page.contains("<figcaption>step 2. Left to right: b.</figcaption>"))
    #expect(page.contains("<figcaption>step 1</figcaption>"))
  }

  @Test func settingsKeepTheirSpellingAndEscapes() throws {
    let recipe = #"{"z":"\ud83c\udfb2 \u00e9 \/ \t","a":-1.50E-3,"list":[{"b":[]},[true]],"empty":{}}"#
    let page = try page([start()], recipe: " " + recipe + "\n")
    for words in [
      "<th>z</th><td>🎲 é / \t</td>", "<th>a</th><td>-1.50E-3</td>", "<th>list.<wbr>0.<wbr>b</th><td>none</td>",
      "<th>list.<wbr>1</th><td>yes</td>",
    ] { #expect(page.contains(words), "\(words)") }
  }

  @Test(
    arguments: [
      "", "[]", "{\"a\":}", "{\"a\":1,}", "{\"a\":1} x", "{\"a\":+1}", "{\"a\":1.2.3}", "{\"a\":tru}",
      "{\"a\":\"\\ud83c\"}",
      "{\"a\":\"\\x\"}", "{\"a\":\"\n\"}", "{\"a\":\"", "{\"a\":\"\\u12", "{a:1}",
      String(repeating: "{\"a\":", count: 100_000), "{\"a\":" + String(repeating: "[", count: 100_000),
    ])
  func aRecipeThatIsNoJSONIsSaidToBe(recipe: String) throws {
    #expect(try page([start()], recipe: recipe).contains("this is not a JSON object"))
  }

  @Test func whatCannotBeReadIsSaid() throws {
    let page = try page([start()], recipe: "{\"seed\":") { run in
      try write("no picture", to: run.sample(step: 5))
    }
    #expect(page.contains("this is not a JSON object"))
    #expect(page.contains("this is neither a PNG nor a JPEG picture"))
  }
}
