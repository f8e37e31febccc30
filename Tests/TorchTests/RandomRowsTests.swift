import Foundation
import Testing
import Torch

/// Philox4x32-10 as its paper writes it (Salmon et al. 2011, section 3.3), to hold the kernels against.
private func philox(_ counter: [UInt32], key: UInt64) -> [UInt32] {
  var (c, k0, k1) = (counter, UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32))
  for _ in 0..<10 {
    let (first, second) = (c[0].multipliedFullWidth(by: 0xD251_1F53), c[2].multipliedFullWidth(by: 0xCD9E_8D57))
    c = [second.high ^ c[1] ^ k0, second.low, first.high ^ c[3] ^ k1, first.low]
    (k0, k1) = (k0 &+ 0x9E37_79B9, k1 &+ 0xBB67_AE85)
  }
  return c
}

/// Rows of numbers that are a function of their address alone.
@Suite struct RandomRowsTests {
  /// The known answers of the Random123 distribution (`kat_vectors`).
  @Test(
    arguments: [
      ([0, 0, 0, 0], 0, [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]),
      (
        [.max, .max, .max, .max], UInt64.max, [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD]
      ),
      (
        [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344], 0x299F_31D0_A409_3822,
        [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1]
      ),
    ] as [([UInt32], UInt64, [UInt32])])
  func theReferenceGivesTheKnownAnswers(counter: [UInt32], key: UInt64, words: [UInt32]) {
    #expect(philox(counter, key: key) == words)
  }

  /// Counter: a quarter of the column, the stream, and both halves of the row's number.
  @Test(arguments: [0, UInt64.max, 0x299F_31D0_A409_3822], [0, (1 << 32) - 1, 0x0123_4567_89AB] as [Int])
  func wordsArePhiloxOfTheirAddress(seed: UInt64, first: Int) throws {
    let kernel = try Operation(finding: "gan::random_words_")
    let words = kernel(
      .tensor(.empty([3, 10], dtype: .int64)), .int(Int(bitPattern: UInt(seed))), .int(0xFFFF_FFFE), .int(first)
    ).array(of: Int.self)
    for row in 0..<3 {
      let number = UInt64(first + row)
      let expected = (0..<3).flatMap { group in
        philox([group, 0xFFFF_FFFE, UInt32(truncatingIfNeeded: number), UInt32(number >> 32)], key: seed)
      }
      #expect(words[row * 10..<row * 10 + 10].elementsEqual(expected.prefix(10).map(Int.init)))
    }
  }

  /// How many rows are drawn, and from which on, changes none of them.
  @Test(arguments: [1, 3, 100]) func aRowDependsOnItsNumberAlone(size: Int) {
    let kinds: [(_ count: Int, _ seed: UInt64, _ stream: UInt32, _ first: Int) -> Tensor] = [
      { Tensor.normalRows(count: $0, size: size, seed: $1, stream: $2, first: $3) },
      { Tensor.uniformRows(count: $0, size: size, seed: $1, stream: $2, first: $3) },
      { Tensor.wholeNumberRows(count: $0, size: size, in: -9..<1_000_000, seed: $1, stream: $2, first: $3) },
    ]
    for draw in kinds {
      let all = draw(33, 5, 0, 0)
      for first in [0, 1, 16, 32] { #expect(draw(1, 5, 0, first)[0].isIdentical(to: all[first])) }
      #expect(draw(17, 5, 0, 16).isIdentical(to: all[16..<33]))
      #expect(!draw(33, 6, 0, 0).isIdentical(to: all))
      #expect(!draw(33, 5, 1, 0).isIdentical(to: all))
    }
  }

  /// Nor does a column depend on how many there are: few are drawn one by one, more by vector instructions.
  @Test(arguments: [1, 2, 3, 4, 15, 16, 17, 20, 63, 64, 65]) func aColumnDependsOnItsNumberAlone(size: Int) {
    // One pair of normal numbers in 20,000 is not decided by vector instructions.
    let (count, wide) = (size < 20 ? 20_000 : 50, 130)
    let normal = Tensor.normalRows(count: count, size: wide, seed: 5)
    #expect(Tensor.normalRows(count: count, size: size, seed: 5).isIdentical(to: normal.slice(1, from: 0, count: size)))
    let whole = Tensor.wholeNumberRows(count: 50, size: wide, in: 0..<1 << 31, seed: 5)
    #expect(
      Tensor.wholeNumberRows(count: 50, size: size, in: 0..<1 << 31, seed: 5)
        .isIdentical(to: whole.slice(1, from: 0, count: size)))
  }

  /// Against the formula itself, in double precision and rounded once.
  @Test func normalRowsAreBoxAndMullers() throws {
    let kernel = try Operation(finding: "gan::random_words_")
    let words = kernel(.tensor(.empty([500, 64], dtype: .int64)), .int(9), .int(0), .int(0)).array(of: Double.self)
    let numbers = Tensor.normalRows(count: 500, size: 64, seed: 9).array(of: Float.self)
    for pair in stride(from: 0, to: words.count, by: 2) {
      let (first, second) = ((words[pair] + 0.5) * 0x1p-32, (words[pair + 1] + 0.5) * 0x1p-32)
      let (radius, angle) = ((-2 * log(first)).squareRoot(), 6.283185307179586476925286766559 * second)
      #expect(numbers[pair] == Float(radius * cos(angle)) && numbers[pair + 1] == Float(radius * sin(angle)))
    }
  }

  @Test func normalRowsAreStandardNormal() {
    let z = Tensor.normalRows(count: 2000, size: 100, seed: 1).to(.float64)
    let deviation = z.variance(axes: [0, 1]).squareRoot().item
    #expect(abs(z.mean().item) < 0.01)
    #expect(abs(deviation - 1) < 0.01)
    // The fourth moment of the standard normal distribution is 3.
    #expect(abs(z.pow(4).mean().item - 3) < 0.1)
  }

  /// 200,000 draws: four deviations of mean, variance and fourth moment.
  @Test func uniformRowsAreUniform() {
    let u = Tensor.uniformRows(count: 2000, size: 100, seed: 1)
    #expect(u.dtype == .float32 && u.shape == [2000, 100])
    #expect(u.min().item >= 0 && u.max().item < 1)
    let centred = u.to(.float64) - 0.5
    #expect(abs(centred.mean().item) < 4 * 0.2887 / 447)
    #expect(abs(centred.squared().mean().item - 1.0 / 12) < 4 * 0.0745 / 447)
    #expect(abs(centred.pow(4).mean().item - 1.0 / 80) < 4 * 0.0167 / 447)
    // The numbers are the upper 24 bits of the words, exactly.
    let scaled = u.to(.float64) * 0x1p24
    #expect((scaled - scaled.rounded()).abs().max().item == 0)
  }

  @Test(arguments: [0..<2, -4..<5, 7..<8, -1_000_000..<1_147_483_648]) func wholeNumbersCoverTheirRange(
    range: Range<Int>
  ) {
    let numbers = Tensor.wholeNumberRows(count: 1000, size: 20, in: range, seed: 3)
    #expect(numbers.dtype == .int64)
    let drawn = numbers.array(of: Int.self)
    #expect(drawn.allSatisfy(range.contains))
    if range.count < 10 { #expect(Set(drawn) == Set(range)) }
    // Four deviations of the mean of 20,000 draws.
    let mean = drawn.reduce(0.0) { $0 + Double($1) } / 20_000
    let (middle, width) = (Double(range.lowerBound + range.upperBound - 1) / 2, Double(range.count))
    #expect(abs(mean - middle) <= 4 * width * 0.2887 / 141)
  }
}

/// Draws that are counted.
@Suite struct RandomStreamTests {
  @Test func theSameSeedRepeatsAndEachDrawIsAnother() {
    let (one, other) = (RandomStream(seed: 7), RandomStream(seed: 7))
    let draws = [one, other].map { stream in
      [
        stream.normal([5, 2, 3], deviation: 2), stream.uniform([5, 2, 3], -1, 1),
        stream.normal([5, 2, 3], deviation: 2),
        stream.uniform([5, 2, 3], -1, 1), stream.wholeNumbers([5, 2, 3], in: 0..<100),
        stream.wholeNumbers([5, 2, 3], in: 0..<100),
      ]
    }
    for (a, b) in zip(draws[0], draws[1]) { #expect(a.isIdentical(to: b) && a.shape == [5, 2, 3]) }
    for (a, b) in [(0, 2), (1, 3), (4, 5)] { #expect(!draws[0][a].isIdentical(to: draws[0][b])) }
    #expect(!RandomStream(seed: 8).normal([5, 2, 3], deviation: 2).isIdentical(to: draws[0][0]))
  }

  /// A draw depends on how often was drawn before, not on how many numbers; and a row not on how many there are.
  @Test func aDrawIsFoundByItsNumber() {
    let (one, other) = (RandomStream(seed: 7), RandomStream(seed: 7))
    (_, _) = (one.uniform([100, 9], 0, 1), other.next())
    #expect(one.normal([20, 6])[0..<3].isIdentical(to: other.normal([3, 6])))
    #expect(one.uniform([20], 0, 1)[0..<3].isIdentical(to: other.uniform([3], 0, 1)))
    #expect(one.wholeNumbers([4, 2, 2], in: 0..<99)[1].isIdentical(to: other.wholeNumbers([2, 2, 2], in: 0..<99)[1]))
    #expect(one.next() == other.next())
    #expect(one.next() != one.next())
  }

  @Test func axesMayBeMissingOrEmpty() {
    let stream = RandomStream(seed: 1)
    #expect(stream.uniform([], 0, 1).shape == [] && stream.normal([0, 3]).shape == [0, 3])
    #expect(stream.wholeNumbers([3, 0], in: 0..<2).shape == [3, 0])
  }

  /// Rounding to float32 must not reach the upper end: of numbers just below 1, one and a half has no room for the last bit.
  @Test(arguments: [(0.0, 1.0), (0.5, 1.5), (-0.5, 0.5), (0, 0.1), (1e6, 1e6 + 1)])
  func theUpperEndIsNeverDrawn(low: Double, high: Double) {
    let numbers = RandomStream(seed: 2).uniform([2000, 100], low, high).to(.float64)
    #expect(numbers.min().item >= Double(Float(low)) && numbers.max().item < high)
    #expect(abs(numbers.mean().item - (low + high) / 2) < 0.035 * (high - low))
  }
}
