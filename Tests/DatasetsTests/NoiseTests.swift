import Datasets
import Testing

struct NoiseTests {
  @Test func everyByteIsEquallyLikely() throws {
    let data = try Dataset.noise(shape: SampleShape(channels: 3, height: 16, width: 20), count: 100)
    #expect(data.count == 100 && data.element == .uint8 && data.kind == .pictures && data.labels == nil)
    var counts = [Int](repeating: 0, count: 256)
    data.withUnsafeBytes { for byte in $0 { counts[Int(byte)] += 1 } }
    // 96,000 draws, of which each value gets 375 with a deviation of 19.3; five of these.
    #expect(counts.allSatisfy { abs($0 - 375) < 97 })
  }

  @Test func noiseIsThatOfItsSeedToTheLastByte() throws {
    // 3 · 9 bytes are no multiple of the 8 that are drawn at once.
    func bytes(seed: UInt64) throws -> [UInt8] {
      let shape = SampleShape(channels: 1, height: 3, width: 3)
      return try Dataset.noise(shape: shape, count: 3, seed: seed).withUnsafeBytes { Array($0) }
    }
    #expect(try bytes(seed: 1) == bytes(seed: 1))
    #expect(try bytes(seed: 1) != bytes(seed: 2))
    #expect(try bytes(seed: 1).count == 27)
    let ends = try (1...8).map { try bytes(seed: $0).suffix(3) }
    #expect(Set(ends).count == 8)
  }
}
