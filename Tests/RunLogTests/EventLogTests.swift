import Foundation
import RunLog
import Testing

@Suite struct EventLogTests {
  @Test func everyKindOfEventIsOneObjectALine() throws {
    try withTemporaryFolder { folder in
      let log = try EventLog(folder + "/log.jsonl")
      let events: [TrainingEvent] = [
        start(), .stepped(record(1)), .sampled(step: 1, path: "a"), .checkpointed(step: 1, path: "b", bytes: 7),
        .warned(step: 1, message: "\"quoted\"\n\\ \u{1} ünï 🎲"),
        .rolledBack(from: 9, to: 1, attempt: 2, reason: "not finite"), start(firstStep: 1), end(2, .signal(15)),
        .planned(step: 2, steps: 7, reason: "slow"),
      ]
      for event in events { try log.append(event) }
      let lines = try objects(in: log.path)
      #expect(
        lines.map { $0["event"] as? String } == [
          "start", "step", "samples", "checkpoint", "warning", "rollback", "resume", "end", "plan",
        ])
      #expect(lines.map { $0["step"] as? Int } == [0, 1, 1, 1, 1, 1, 1, 2, 2])
      #expect(lines[4]["message"] as? String == "\"quoted\"\n\\ \u{1} ünï 🎲")
      #expect(lines[5]["from"] as? Int == 9)
      #expect(lines[7]["exit_status"] as? Int == 143)
      #expect(lines[8]["steps"] as? Int == 7 && lines[8]["reason"] as? String == "slow")
      let step = lines[1]
      #expect(step["images"] as? Int == 64)
      #expect(step["seconds"] as? Double == 0.1)
      #expect(step["loss_discriminator"] as? Double == 1.25)
      #expect(step["loss_generator"] as? Double == 0.75)
      #expect(step["score_real"] as? Double == 0.625)
      #expect(step["score_fake"] as? Double == 0.375)
      #expect(step["images_per_second"] as? Double == 640)
      #expect(step["scores_are_probabilities"] as? Bool == true)
      #expect(step["gradient_generator"] == nil)
    }
  }

  @Test func theGradientIsLoggedWhereItWasMeasured() throws {
    var step = record(50)
    step[.gradient] = 0.125
    let object = try JSONSerialization.jsonObject(with: Data(TrainingEvent.stepped(step).jsonLine.utf8))
    #expect((object as? [String: Any])?["gradient_generator"] as? Double == 0.125)
  }

  /// Programs of others read these lines: members keep their names and their order.
  @Test func aStepsLineIsWhatItAlwaysWas() {
    var step = record(50)
    step[.gradient] = 0.125
    #expect(
      TrainingEvent.stepped(step).jsonLine
        == #"{"event":"step","step":50,"images":3200,"seconds":5.0,"loss_discriminator":1.25,"loss_generator":0.75,"#
        + #""score_real":0.625,"score_fake":0.375,"images_per_second":640.0,"scores_are_probabilities":true,"#
        + #""gradient_generator":0.125}"#)
    #expect(TrainingEvent.stepped(record(1, probabilities: false)).jsonLine.contains(#"_probabilities":false"#))
  }

  @Test func theStartDescribesTheScalars() throws {
    let bits = Scalar("bits", title: "b", unit: "bits", group: Scalar.Group(title: "Likelihood"))
    let scalars = [Scalar.lossOfD, Scalar.scores(areProbabilities: true).real, bits]
    let line = Data(start(scalars: scalars).jsonLine.utf8)
    struct Line: Decodable { var scalars: [Scalar] }
    #expect(try JSONDecoder().decode(Line.self, from: line).scalars == scalars)
    let members = try #require(JSONSerialization.jsonObject(with: line) as? [String: Any])
    #expect(members["parameters_generator"] as? Int == 1_430_000)
    #expect(members["parameters_discriminator"] as? Int == 431_000)
    #expect(members["dataset_shape"] as? String == "28x28 grey")
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func numbersThatAreNotFiniteAreNull(value: Double) throws {
    let object = try JSONSerialization.jsonObject(
      with: Data(TrainingEvent.stepped(record(1, lossOfD: value)).jsonLine.utf8))
    let members = try #require(object as? [String: Any])
    #expect(members["loss_discriminator"] is NSNull)
    #expect(members["loss_generator"] as? Double == 0.75)
  }

  @Test(arguments: [1.0 / 3, Double.leastNonzeroMagnitude, 1.797e308, -0.1, 1e21, 12_345_678.9])
  func lossesKeepEveryDigit(value: Double) throws {
    let object = try JSONSerialization.jsonObject(
      with: Data(TrainingEvent.stepped(record(1, lossOfD: value)).jsonLine.utf8))
    #expect((object as? [String: Any])?["loss_discriminator"] as? Double == value)
  }

  @Test func stepsAreThinnedByTheirNumberAlone() {
    let logged = (1...20_000).filter { TrainingEvent.stepped(record($0)).isLogged }
    #expect(Array(logged.prefix(102)) == Array(1...100) + [110, 120])
    #expect(logged.suffix(102).prefix(4) == [9_990, 10_000, 10_100, 10_200])
    #expect(TrainingEvent.sampled(step: 12_345, path: "").isLogged)
  }

  @Test(
    arguments: [
      "{\"event\":\"step\",\"st", "{\"event\":\"step\",\"step\":4}", "garbage\n", "\u{0}\u{0}\u{0}",
      "{\"step\":4}}\n\u{0}\u{0}\n",
    ])
  func aLineCutByACrashIsRemoved(tail: String) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/log.jsonl"
      let whole = "{\"event\":\"start\",\"step\":0}\n{\"event\":\"step\",\"step\":3}\n"
      try write(whole + tail, to: path)
      let log = try EventLog(path)
      #expect(try read(path) == whole)
      try log.append(.stepped(record(4)))
      #expect(try objects(in: path).map { $0["step"] as? Int } == [0, 3, 4])
    }
  }

  @Test func aLogOfGarbageAloneBecomesEmpty() throws {
    try withTemporaryFolder { folder in
      try write("{\"ev", to: folder + "/log.jsonl")
      _ = try EventLog(folder + "/log.jsonl")
      #expect(try read(folder + "/log.jsonl").isEmpty)
    }
  }

  @Test func resumingDropsLaterSteps() throws {
    try withTemporaryFolder { folder in
      let log = try EventLog(folder + "/log.jsonl")
      try log.append(start())
      for step in 1...30 { try log.append(.stepped(record(step))) }
      try log.append(.rolledBack(from: 30, to: 20, attempt: 1, reason: "not finite"))
      for step in 21...25 { try log.append(.stepped(record(step))) }
      try log.truncate(after: 20)
      try log.append(start(firstStep: 20))
      try log.append(.stepped(record(21)))
      let lines = try objects(in: log.path)
      #expect(lines.map { $0["step"] as? Int } == Array(0...20) + [20, 20, 21])
      #expect(lines.suffix(3).map { $0["event"] as? String } == ["rollback", "resume", "step"])
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names == ["log.jsonl"])
    }
  }

  @Test func aLogInNoFolderIsAnErrorWithItsPath() {
    let error = #expect(throws: (any Error).self) { try EventLog("/nowhere/at/all/log.jsonl") }
    #expect("\(error.map { "\($0)" } ?? "")".hasPrefix("/nowhere/at/all/log.jsonl: cannot open the log"))
  }

  @Test(
    arguments: [
      (StopReason.completed, 0), (.stoppedByObserver, 0), (.signal(2), 130), (.signal(15), 143),
      (.guardTripped("x"), 3), (.unmet("x"), 3),
    ] as [(StopReason, Int32)])
  func exitStatus(reason: StopReason, status: Int32) {
    #expect(reason.exitStatus == status)
  }
}
