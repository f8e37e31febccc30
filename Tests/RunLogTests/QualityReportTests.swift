import Foundation
import FoundationXML
import Pictures
import RunLog
import Testing

/// What a report shows of evaluations and alarms.
@Suite struct QualityReportTests {
  private func page(_ events: [TrainingEvent], _ prepare: (RunDirectory) throws -> Void = { _ in }) throws -> String {
    try withTemporaryFolder { folder in
      let run = try RunDirectory.create(folder + "/run")
      try write("{}", to: run.recipe)
      let log = try EventLog(run.log)
      for event in events { try log.append(event) }
      try prepare(run)
      try Report.write(for: run)
      return try read(run.report)
    }
  }

  /// The chart of that title, which must be XML.
  private func chart(_ title: String, in page: String) throws -> String {
    let figures = page.components(separatedBy: "<figure class=\"chart\">").dropFirst()
    let figure = try #require(figures.first { $0.contains("<b>\(title)</b>") })
    let whole = try #require(figure.components(separatedBy: "</figure>").first)
    #expect(XMLParser(data: Data("<figure>\(whole)</figure>".utf8)).parse(), "\(whole)")
    return whole
  }

  private var judgedRun: [TrainingEvent] {
    [
      start(), .stepped(record(1000)),
      evaluation(1000, isBest: true, metric("fid", 40, floor: 2.5), metric("recall", 0.125, deviation: 0.01)),
      .stepped(record(2000)),
      evaluation(2000, isBest: true, metric("fid", 12.5, floor: 2.5), metric("recall", 0.5, deviation: 0.01)),
      .stepped(record(3000)), alarm(3000),
      evaluation(3000, metric("fid", 30, floor: 2.5), metric("recall", 0.0625, deviation: .nan)),
    ]
  }

  @Test func theWorstPairsStandWithTheirValues() throws {
    var record = EvaluationRecord(
      step: 1000, seconds: 1, cost: 1, totalCost: 1, isBest: true, metrics: [metric("perceptual", 0.5)])
    record.worst = EvaluationRecord.WorstRecord(metric: "perceptual", places: [66, 3], values: [0.75, .infinity])
    let page = try page([start(), .evaluated(record)]) { run in
      try Picture(width: 3, height: 1, channels: 1, pixels: [1, 2, 3]).write(to: run.worstPictures)
    }
    #expect(page.contains("source, result, truth. perceptual: 0.750 (pair 67), - (pair 4)."))
  }

  @Test func eachMetricHasACurveWithItsDeviationFloorBestAndAlarms() throws {
    let page = try page(judgedRun)
    #expect(page.contains("<h2>How good it is</h2>"))
    let fid = try chart("fid", in: page)
    for words in [
      "class=\"band fourth\"", "class=\"line fourth\"", "held-out data <b>2.500</b>", "class=\"level\"",
      "<title>best, step 2,000: 12.50 ± 0.25</title>",
      "<title>alarm at step 3000: collapse: coverage fell from 0.61 to 0.02</title>", "newest <b>30</b>",
    ] { #expect(fid.contains(words), "\(words)") }
    #expect(fid.components(separatedBy: "class=\"ring").count == 2)
    // What is measured once is not smoothed.
    #expect(!fid.contains("class=\"raw"))
    let recall = try chart("recall", in: page)
    #expect(!recall.contains("held-out") && !recall.contains("class=\"level\""))
  }

  @Test func theTableSetsTheNewestBesideTheBestWithTheirCircumstances() throws {
    let page = try page(judgedRun)
    for words in [
      "<th>newest, step 3,000</th><th>best, step 2,000</th>",
      "<tr><th>fid</th><td>30.00 ± 0.25</td><td>12.50 ± 0.25</td><td>2.500</td></tr>",
      "<tr><th>recall</th><td>0.06250</td><td>0.500 ± 0.010</td><td>–</td></tr>",
      "10,000 generated samples against 60,000 of digits, split train; features of classifier (digits) 0123456789ab, "
        + "resize none; float32, seed 18446744073709551615, swift-gan 0.4.0.",
      "Evaluation took 7.5 s in 3 evaluations, 2.5 % of training time.", "gan evaluate /",
    ] { #expect(page.contains(words), "\(words)") }
    #expect(!page.contains("<sup>"))
  }

  @Test func valuesThatAreNotComparableNeverShareALine() throws {
    let page = try page([
      start(), evaluation(1000, isBest: true, metric("fid", 40, floor: 2)),
      evaluation(2000, metric("fid", 30, floor: 2)),
      evaluation(3000, metric("fid", 900, floor: 50, fakeCount: 5000, extractor: "pixels", fingerprint: "fedcba")),
      evaluation(4000, metric("fid", 800, floor: 50, fakeCount: 5000, extractor: "pixels", fingerprint: "fedcba")),
    ])
    let fid = try chart("fid", in: page)
    #expect(fid.contains("classifier (digits) 0123456789ab, 10,000 generated <b>30</b>"))
    #expect(fid.contains("pixels fedcba, 5,000 generated <b>800</b>"))
    let lines = fid.components(separatedBy: "class=\"line ").dropFirst().map { $0.prefix { $0 != "/" } }
    #expect(lines.map { $0.filter { $0 == "L" }.count } == [1, 1], "two lines of two points")
    // The table gives the two circumstances a number each.
    #expect(page.contains("<td>800.00 ± 0.25<sup>1</sup></td><td>40.00 ± 0.25<sup>2</sup></td>"))
  }

  @Test func smallValuesAndMetricsOfSamplesAloneAreReadable() throws {
    let page = try page([
      start(),
      evaluation(1, isBest: true, metric("class-kl", 0.5, floor: 1.5e-6), metric("diversity", 0.25, realCount: 0)),
    ])
    #expect(page.contains("<td>1.5e-6</td>"))
    #expect(page.contains("10,000 generated samples alone; features of"))
  }

  @Test func anAlarmIsTold() throws {
    let page = try page(judgedRun)
    #expect(page.contains("<td class=\"bad\">alarm: collapse: coverage fell from 0.61 to 0.02"))
    #expect(page.contains("<span class=\"advice\">What to try: --set objective=hinge</span>"))
    #expect(page.contains("alarm at step 3000"))
  }

  @Test func evaluationsUndoneByARollbackAreGone() throws {
    let page = try page(judgedRun + [.rolledBack(from: 3000, to: 1500, attempt: 1, reason: "not finite")])
    #expect(page.contains("<th>newest and best, step 1,000</th>"))
    #expect(!page.contains("12.50 ± 0.25"))
    #expect(page.contains("in one evaluation"))
  }

  @Test func picturesOfTheNewestEvaluationAreEmbedded() throws {
    let picture = try Picture(width: 8, height: 4, channels: 1, pixels: [UInt8](repeating: 9, count: 32))
    let page = try page(judgedRun) { run in
      try picture.write(to: run.nearestPictures)
      try write("no picture", to: run.classPictures)
    }
    #expect(page.contains("<img alt=\"Nearest pictures\" width=\"8\" height=\"4\""))
    #expect(page.contains("Generated pictures (left) and the training pictures nearest to them (right)."))
    #expect(page.contains("this is neither a PNG nor a JPEG picture"))
    #expect(!(try self.page(judgedRun).contains("Generated pictures (left)")))
  }

  @Test func aRunThatWasNotJudgedSaysHowItCanBe() throws {
    let page = try page([start(), .stepped(record(1))])
    #expect(page.contains("This run was not judged while it trained"))
    #expect(page.contains("<pre>gan evaluate /"))
  }

  @Test func hostileNamesAndDamagedLinesAreHarmless() throws {
    let hostile = "</td><script>alert(1)</script>"
    var named = metric(hostile, .infinity, deviation: .nan, floor: .nan, extractor: hostile, fingerprint: hostile)
    (named.data, named.split, named.resize, named.version) = (hostile, hostile, hostile, hostile)
    let page = try page([
      start(), evaluation(1, isBest: true, named, metric("fid", 1e300, deviation: 1e300, floor: -1e300)),
      .alarmed(AlarmRecord(step: 1, kind: hostile, evidence: hostile, advice: hostile)),
    ]) { run in
      let damaged = [
        #"{"event":"evaluation","step":2}"#, #"{"event":"evaluation","step":3,"metrics":[]}"#,
        #"{"event":"evaluation","step":4,"metrics":[{"metric":"kid"},7,{"value":1}]}"#, #"{"event":"alarm","step":5}"#,
      ]
      try write(try read(run.log) + damaged.joined(separator: "\n") + "\n", to: run.log)
    }
    #expect(!page.contains("<script"))
    #expect(page.contains("<th>newest and best, step 1</th>"))
    #expect(!page.contains("nan") && !page.contains("kid"))
    _ = try chart("fid", in: page)
  }
}
