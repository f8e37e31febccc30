import Foundation
import Testing

@Suite(.serialized) struct EvaluateCommandTests {
  @Test func picturesAgainstThemselvesAreAtTheBest() throws {
    let place = try Workplace()
    let outcome = try place.gan("evaluate", "pictures.npy", "--data", "./pictures.npy", "--json", "--threads", "1")
    #expect(outcome.status == 0, "\(outcome.error)")
    let records = try place.lines(Data(outcome.output.utf8))
    let values = Dictionary(
      uniqueKeysWithValues: records.map { ($0["metric"] as? String ?? "", $0["value"] as? Double ?? .nan) })
    #expect(Set(values.keys) == ["fid", "kid", "precision", "recall", "density", "coverage", "swd", "diversity"])
    #expect(abs(values["fid"] ?? 1) < 1e-6 && (values["swd"] ?? 1) < 1e-5)
    #expect(values["precision"] == 1 && values["recall"] == 1 && values["coverage"] == 1)
  }

  @Test func aRunIsJudgedAgainstItsOwnData() throws {
    let place = try Workplace()
    #expect(try place.train("--steps", "1").status == 0)
    let outcome = try place.gan("evaluate", "run", "--count", "50", "--metrics", "fid,recall", "--pictures", "shown")
    #expect(outcome.status == 0, "\(outcome.error)")
    let rows = outcome.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(rows.contains { $0.first == "fid" && $0.suffix(2) == ["40", "50"] })
    #expect(rows.contains { $0.prefix(3) == ["reference", "pictures.npy,", "train"] })
    // The same again, from the reference in the cache and from the generator's file.
    let again = try place.gan(
      "evaluate", "run/generator.safetensors", "--data", "pictures.npy", "--count", "50", "--metrics", "fid", "--json")
    let value = try #require(try place.lines(Data(again.output.utf8)).first?["value"] as? Double)
    #expect(rows.first { $0.first == "fid" }?[1].hasPrefix(String(format: "%.1f", value).prefix(2)) == true)
  }

  /// What the generator draws and what `gan sample` writes are judged alike.
  @Test func aRunAndItsSamplesGetTheSameValues() throws {
    let place = try Workplace()
    #expect(try place.train("--steps", "1").status == 0)
    #expect(try place.gan("sample", "run", "--count", "60", "--seed", "1", "--out", "samples.npy").status == 0)
    #expect(try place.gan("sample", "run", "--count", "60", "--seed", "1", "--out", "samples/").status == 0)
    let values = try ["run", "samples.npy", "samples"].map { samples in
      let outcome = try place.gan(
        "evaluate", samples, "--data", "pictures.npy", "--count", "60", "--metrics", "fid,recall", "--json",
        "--threads",
        "1")
      #expect(outcome.status == 0, "\(outcome.error)")
      return try place.lines(Data(outcome.output.utf8)).map { $0["value"] as? Double ?? .nan }
    }
    for other in values.dropFirst() { #expect(zip(values[0], other).allSatisfy { abs($0 - $1) <= 1e-4 * abs($0) }) }
  }

  @Test func picturesOfOnesOwnStayInTheFolderOfThePictures() throws {
    let place = try Workplace()
    try FileManager.default.createDirectory(atPath: place.path + "/set", withIntermediateDirectories: true)
    for split in ["train", "test"] {
      let made = try place.gan("data", "pictures.npy", "--export", "x.npy")
      #expect(made.status == 0)
      try FileManager.default.createDirectory(atPath: "\(place.path)/set/\(split)", withIntermediateDirectories: true)
      for number in 1...8 {
        let name = "set/\(split)/\(number).png"
        let seen = try place.gan(
          "data", "pictures.npy", "--count", "\(number + (split == "test" ? 8 : 0))", "--preview", name)
        #expect(seen.status == 0)
        try place.removeMark(from: name)
      }
    }
    try FileManager.default.createDirectory(atPath: place.path + "/shown", withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: URL(fileURLWithPath: place.path + "/shown/nearest.png"))
    for _ in 1...2 {
      let outcome = try place.gan(
        "evaluate", "set", "--data", "set", "--size", "12x12", "--metrics", "memorisation", "--pictures", "shown")
      #expect(outcome.status == 0 && outcome.error.contains("picture  shown/nearest-2.png"), "\(outcome.error)")
    }
    #expect(try place.names(in: "shown") == ["nearest-2.png", "nearest.png"])
    #expect(try place.data("shown/nearest.png") == Data("mine".utf8))
  }

  /// Metrics that need more samples than there are do not keep the others from being had.
  @Test func aFewPicturesHaveTheMetricsThatAFewCanHave() throws {
    let place = try Workplace()
    let usual = ["fid", "kid", "swd", "diversity"]
    for (data, judged, expected, words) in [
      (
        3, 40, usual, "too few for precision (4 or more), recall (4 or more), density (6 or more), coverage (6 or more)"
      ),
      (
        5, 40, ["fid", "kid", "precision", "recall", "swd", "diversity"], "too few for density (6 or more), coverage (6"
      ),
      (6, 40, ["fid", "kid", "precision", "recall", "density", "coverage", "swd", "diversity"], ""),
      (40, 2, usual, "2 samples are judged, too few for precision (4 or more)"),
    ] as [(Int, Int, [String], String)] {
      for (name, count) in [("data.npy", data), ("judged.npy", judged)] {
        let made = try place.gan("data", "pictures.npy", "--count", "\(count)", "--export", name)
        #expect(made.status == 0)
      }
      let outcome = try place.gan("evaluate", "judged.npy", "--data", "data.npy", "--json", "--threads", "1")
      #expect(outcome.status == 0 && (words.isEmpty || outcome.error.contains(words)), "\(data): \(outcome.error)")
      #expect(try place.lines(Data(outcome.output.utf8)).map { $0["metric"] as? String ?? "" } == expected)
    }
  }

  /// Two folders of pictures of equal names are compared pair by pair.
  @Test func foldersAreComparedPairByPair() throws {
    let place = try Workplace()
    #expect(try place.train("--steps", "1").status == 0)
    for seed in ["1", "2"] {
      let made = try place.gan("sample", "run", "--count", "12", "--seed", seed, "--out", "made\(seed)/")
      #expect(made.status == 0, "\(made.error)")
    }
    let outcome = try place.gan(
      "evaluate", "made1/", "--pairs", "made2/", "--metrics", "l1,psnr,ssim", "--json", "--worst")
    #expect(outcome.status == 0, "\(outcome.error)")
    let records = try place.lines(Data(outcome.output.utf8))
    #expect(records.prefix(3).map { $0["metric"] as? String } == ["l1", "psnr", "ssim"])
    #expect(records[0]["n_real"] as? Int == 12 && records[0]["data"] as? String == "made2")
    let l1 = try #require(records[0]["value"] as? Double)
    let worst = records.dropFirst(3).compactMap { $0["value"] as? Double }
    #expect(worst.count == 10 && worst == worst.sorted(by: >) && worst[0] > l1, "\(outcome.output)")
    let table = try place.gan("evaluate", "made1", "--pairs", "made1", "--worst")
    #expect(table.output.contains("worst by perceptual") && table.output.contains("∞"), "\(table.output)")
    try FileManager.default.removeItem(atPath: place.path + "/made2/" + (try place.names(in: "made2")[0]))
    for (arguments, status, words) in [
      (["made1", "--pairs", "made2"], 1, "some have no partner: 1 only in made1"),
      (["made1", "--pairs", "nowhere"], 1, "nowhere: there is no such folder"),
      (["made1", "--pairs", "made1", "--metrics", "fid"], 1, "fid does not compare pair by pair"),
      (["made1", "--pairs", "made1", "--metrics", "lpips-alex"], 1, "lpips-alex needs"),
      (["made1", "--pairs", "made1", "--metrics", "lpips-alex:none"], 1, "sides have 31 pixels"),
      (["made1", "--pairs", "made1", "--size", "40x40", "--metrics", "lpips-alex:none"], 1, "/none"),
      (["made1", "--pairs", "made1", "--count", "3"], 2, "there is no --count"),
      (["run", "--pairs", "made1"], 2, "'gan evaluate run' judges it"),
    ] as [([String], Int32, String)] {
      let refused = try GanProcess(["evaluate"] + arguments, in: place.path).end()
      #expect(refused.status == status && refused.error.contains(words), "\(arguments): \(refused.error)")
    }
  }

  @Test(arguments: [
    (["nowhere.npy", "--data", "pictures.npy"], 1, "nowhere.npy"), (["pictures.npy"], 2, "--data is missing"),
    (["one.npy", "--data", "pictures.npy"], 1, "at least two"), (["pictures.npy", "--data", "one.npy"], 1, "sample"),
    (["wide.npy", "--data", "pictures.npy"], 1, "1x12x12"),
    (["spoilt.npy", "--data", "pictures.npy"], 1, "spoilt.npy"),
    (["pictures.npy", "--data", "pictures.npy", "--metrics", "fib"], 2, "did you mean 'fid'?"),
    (["pictures.npy", "--data", "pictures.npy", "--metrics", "is"], 1, "is needs an extractor that classifies"),
    (["few.npy", "--data", "pictures.npy", "--metrics", "recall"], 1, "recall needs at least 4 samples"),
    (
      ["pictures.npy", "--data", "few.npy", "--metrics", "coverage"], 1, "coverage needs at least 6 samples of the data"
    ),
    (["pictures.npy", "--data", "pictures.npy", "--pictures", "one.npy"], 1, "one.npy: this is a file where a folder"),
    (
      ["pictures.npy", "--data", "pictures.npy", "--pictures", "/dev/full"], 1,
      "/dev/full: this is a file where a folder"
    ),
    (["pictures.npy", "--data", "pictures.npy", "--extractor", "classifier"], 1, "labels"),
    (["pictures.npy", "--data", "pictures.npy", "--count", "1"], 2, "2 to 1,000,000"),
  ])
  func faultsAreSentences(arguments: [String], status: Int32, words: String) throws {
    let place = try Workplace()
    try place.write([Float](repeating: 0, count: 144), shape: [1, 12, 12, 1], to: "one.npy")
    try place.write([Float](repeating: 0, count: 432), shape: [3, 12, 12, 1], to: "few.npy")
    try place.write([Float](repeating: 0, count: 480), shape: [4, 10, 12, 1], to: "wide.npy")
    try place.write([Float](repeating: .nan, count: 576), shape: [4, 12, 12, 1], to: "spoilt.npy")
    let outcome = try GanProcess(["evaluate"] + arguments, in: place.path).end()
    #expect(outcome.status == status && outcome.error.contains(words), "\(outcome.status) \(outcome.error)")
    #expect(outcome.output.isEmpty)
  }
}

extension Workplace {
  /// Writes numbers as an `.npy` file.
  fileprivate func write(_ values: [Float], shape: [Int], to name: String) throws {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(shape.map { "\($0), " }.joined())), }"
    let padded = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    let start = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(padded.utf8.count), 0] + Array(padded.utf8)
    try Data(start + values.withUnsafeBytes { Array($0) }).write(to: URL(fileURLWithPath: path + "/" + name))
  }
}
