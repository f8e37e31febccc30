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

  @Test(arguments: [
    (["nowhere.npy", "--data", "pictures.npy"], 1, "nowhere.npy"), (["pictures.npy"], 2, "--data is missing"),
    (["one.npy", "--data", "pictures.npy"], 1, "two or more"), (["pictures.npy", "--data", "one.npy"], 1, "sample"),
    (["wide.npy", "--data", "pictures.npy"], 1, "1x12x12"),
    (["spoilt.npy", "--data", "pictures.npy"], 1, "spoilt.npy"),
    (["pictures.npy", "--data", "pictures.npy", "--metrics", "fib"], 2, "did you mean 'fid'?"),
    (["pictures.npy", "--data", "pictures.npy", "--metrics", "is"], 1, "is needs an extractor that knows classes"),
    (["pictures.npy", "--data", "pictures.npy", "--extractor", "classifier"], 1, "labels"),
    (["pictures.npy", "--data", "pictures.npy", "--count", "1"], 2, "2 to 1,000,000"),
  ])
  func faultsAreSentences(arguments: [String], status: Int32, words: String) throws {
    let place = try Workplace()
    try place.write([Float](repeating: 0, count: 144), shape: [1, 12, 12, 1], to: "one.npy")
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
