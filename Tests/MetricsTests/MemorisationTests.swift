import Datasets
import Metrics
import Samples
import Testing
import Torch

@Suite struct NearestRowsTests {
  @Test(arguments: [1, 7, 100])
  func agreesWithScikitLearn(batch: Int) throws {
    let given = try fixture("nearest_rows")["nearest"]
    var nearest = try NearestRows(queries: given["queries"])
    let rows = try given["rows"]
    for start in stride(from: 0, to: rows.size(0), by: batch) {
      try nearest.add(rows[start..<min(start + batch, rows.size(0))])
    }
    #expect(nearest.indices.isIdentical(to: try given["indices"]))
    #expect((nearest.distances - (try given["distances"])).abs().max().item < 1e-12)
    #expect(nearest.count == rows.size(0))
  }

  /// Rows around a point far from the others: in float32 their distances from it differ by less than they are rounded.
  @Test(arguments: [DType.float32, .float64]) func agreesWithDoublePrecisionWhereFloat32CannotTell(dtype: DType) throws
  {
    let (near, far) = (normalRows(3000, 20) * 1e-3 + 5, normalRows(500, 20, seed: 2) * 5)
    let rows = Tensor.concatenated([far[0..<250], near, far[250..<500], near[0..<100]]).to(dtype)
    let queries = Tensor.concatenated([near[0..<40] + 1e-4, far[0..<40] + 0.1, near[500..<520]]).to(dtype)
    var nearest = try NearestRows(queries: queries)
    for start in stride(from: 0, to: rows.size(0), by: 700) {
      try nearest.add(rows[start..<min(start + 700, rows.size(0))])
    }
    let (x, y) = (rows.to(.float64), queries.to(.float64))
    for query in 0..<100 {
      let distances = (x - y[query..<(query + 1)]).squared().sum(axes: [1]).array(of: Double.self)
      let expected = try #require(distances.indices.min { distances[$0] < distances[$1] })
      let found = Int(nearest.indices[query].item)
      // As near as double precision tells: 1e-12 of the squared lengths.
      #expect(found == expected || distances[found] - distances[expected] < 1e-9, "query \(query)")
      #expect(abs(nearest.distances[query].item - distances[found].squareRoot()) < 1e-5)
    }
  }

  @Test func theFirstOfEqualRowsStaysNearestAcrossBlocks() throws {
    var nearest = try NearestRows(queries: Tensor([1.0, 2, 5, 5], shape: [2, 2]))
    let rows = Tensor.concatenated([.zeros([1500, 2], dtype: .float64), Tensor([5.0, 5], shape: [1, 2])])
    try nearest.add(rows)
    try nearest.add(rows)
    #expect(nearest.indices.array(of: Int64.self) == [0, 1500])
    #expect(sentence { try nearest.add(normalRows(3, 3)) } != nil)
    #expect(sentence { _ = try NearestRows(queries: normalRows(0, 3)) }?.contains("no samples") == true)
  }
}

@Suite struct KeptFeaturesTests {
  /// Counts what it is asked for.
  private final class Counted: FeatureExtractor {
    let pixels: PixelFeatures
    private(set) var batches = 0
    init(_ shape: SampleShape) { pixels = PixelFeatures(shape) }
    var name: String { pixels.name }
    var fingerprint: String { pixels.fingerprint }
    var resize: String { pixels.resize }
    func callAsFunction(_ images: Tensor) throws -> Features {
      batches += 1
      return try pixels(images)
    }
  }

  /// 1,200 samples are three batches, of 48 bytes a sample.
  @Test(arguments: [(1200 * 48, 3), (1200 * 48 - 1, 9), (0, 9)])
  func featuresAreMadeOnceWhereTheyTakeLittleMemory(mostBytes: Int, batches: Int) throws {
    let shape = SampleShape(channels: 1, height: 4, width: 3)
    let data = try Dataset.noise(shape: shape, count: 1200, seed: 1)
    let extractor = Counted(shape)
    let features = KeptFeatures(of: data, by: extractor, mostBytes: mostBytes)
    let expected = try data.samples(0..<1200).flattened()
    for _ in 0..<3 {
      var seen: [Tensor] = []
      try features.forEachBatch { seen.append($0) }
      #expect(Tensor.concatenated(seen).isIdentical(to: expected))
    }
    #expect(extractor.batches == batches)
  }

  @Test func aPassThatWasInterruptedIsMadeAgain() throws {
    struct Fault: Error {}
    let shape = SampleShape(channels: 1, height: 4, width: 3)
    let features = KeptFeatures(
      of: try Dataset.noise(shape: shape, count: 1200, seed: 1), by: PixelFeatures(shape))
    #expect(throws: Fault.self) { try features.forEachBatch { _ in throw Fault() } }
    var count = 0
    try features.forEachBatch { count += $0.size(0) }
    #expect(count == 1200)
  }
}

@Suite struct MemorisationTests {
  /// The score of `samples`, which lie about as data do: 300 training and 100 held-out rows.
  private func memorisation(of samples: (_ training: Tensor) -> Tensor) throws -> Memorisation {
    let rows = normalRows(400, 6)
    let training = rows[0..<300]
    var memorisation = try Memorisation(samples: samples(training))
    try memorisation.add(training: training[0..<130])
    try memorisation.add(training: training[130..<300])
    try memorisation.add(heldOut: rows[300..<400])
    return memorisation
  }

  @Test func copiesScoreOneAndAreNamed() throws {
    let copied = try memorisation { $0[150..<170] + 1e-3 }
    let score = try copied.score()
    #expect(score.value == 1 && score.deviation == 0 && score.realCount == 400 && score.fakeCount == 20)
    let pairs = copied.pairs()
    #expect(pairs.map(\.trainingRow) == Array(150..<170))
    #expect(pairs.map(\.sample) == Array(0..<20))
    #expect(pairs.allSatisfy { abs($0.trainingDistance - 1e-3 * 6.0.squareRoot()) < 1e-9 && $0.heldOutDistance > 0.1 })
  }

  @Test func otherSamplesOfTheSameKindScoreZero() throws {
    let score = try memorisation { _ in normalRows(2000, 6, seed: 2) }.score()
    // The 2,000 samples share 400 rows: they agree more than as many that are independent.
    #expect(score.deviation > 1.5 * 4 * (0.75 * 0.25 / 2000).squareRoot() && score.deviation < 0.15)
    #expect(abs(score.value) < 3 * score.deviation)
  }

  /// The score of points of a line: training rows 0 and 10, the held-out row 20.
  private func score(of points: [Double]) throws -> Score {
    var memorisation = try Memorisation(samples: Tensor(points, shape: [points.count, 1]))
    try memorisation.add(training: Tensor([0.0, 10], shape: [2, 1]))
    try memorisation.add(heldOut: Tensor([20.0], shape: [1, 1]))
    return try memorisation.score()
  }

  @Test func samplesOfTheSameNearestRowCountOnceInTheDeviation() throws {
    let once = try score(of: [0.1, 0.2, -1, 10.1, 9, 21])
    #expect(abs(once.value - 0.5) < 1e-12)
    // Rows with 3, 2 and 1 samples, of which the share is 5/6, that of chance 2/3.
    #expect(abs(once.deviation - 3 * ((9.0 + 4 + 25) / 36).squareRoot() / 6) < 1e-12)
    let tenTimes = try score(of: (0..<10).flatMap { _ in [0.1, 0.2, -1, 10.1, 9, 21] })
    #expect(abs(tenTimes.deviation - once.deviation) < 1e-12)
  }

  @Test func aCollapsedSetHasNoDeviation() throws {
    let collapsed = try score(of: [Double](repeating: 0.5, count: 500))
    #expect(collapsed.value == 1 && collapsed.deviation.isNaN)
    #expect(try score(of: [Double](repeating: 30, count: 500)).deviation.isNaN)
    #expect(try score(of: [0.5, 11]).deviation == 0)
  }

  @Test func picturesInBothSetsSayNothing() throws {
    let rows = normalRows(30, 16).reshaped(30, 1, 4, 4)
    var memorisation = try Memorisation(samples: rows[0..<5])
    try memorisation.add(training: rows[0..<20])
    #expect(sentence { _ = try memorisation.score() }?.contains("there are 20 and 0") == true)
    try memorisation.add(heldOut: rows[0..<10])
    #expect(abs(try memorisation.score().value) < 1e-12)
  }
}
