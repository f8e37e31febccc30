extension Dataset {
  /// Pictures of uniform random bytes, to measure speed with: there is nothing to learn from them.
  ///
  /// - Parameter hasTargets: whether each has a target, of random bytes too.
  /// - Throws: ``DataError`` when there is no sample.
  package static func noise(
    shape: SampleShape, count: Int, hasTargets: Bool = false, seed: UInt64 = 1
  ) throws -> Dataset {
    let columns = (hasTargets ? [samplesName, targetName] : [samplesName]).enumerated().map { index, name in
      let bytes = AlignedBytes(count: count * shape.elementCount) { bytes in
        var random = CounterRandom(seed: seed, stream: 0x6e6f697365, index: index)
        let whole = bytes.count / 8 * 8
        for place in stride(from: 0, to: whole, by: 8) {
          bytes.storeBytes(of: random.next(), toByteOffset: place, as: UInt64.self)
        }
        for place in whole..<bytes.count { bytes[place] = UInt8(truncatingIfNeeded: random.next()) }
      }
      return StoredColumn(name, .pictures(shape), bytes: bytes)
    }
    return try Dataset(name: "noise", columns: columns)
  }
}
