extension Dataset {
  /// Pictures of uniform random bytes, to measure speed with: there is nothing to learn from them.
  ///
  /// - Throws: ``DataError`` when there is no sample.
  package static func noise(shape: SampleShape, count: Int, seed: UInt64 = 1) throws -> Dataset {
    let bytes = AlignedBytes(count: count * shape.elementCount) { bytes in
      var random = CounterRandom(seed: seed, stream: 0x6e6f697365, index: 0)
      let whole = bytes.count / 8 * 8
      for place in stride(from: 0, to: whole, by: 8) {
        bytes.storeBytes(of: random.next(), toByteOffset: place, as: UInt64.self)
      }
      for place in whole..<bytes.count { bytes[place] = UInt8(truncatingIfNeeded: random.next()) }
    }
    return try Dataset(name: "noise", columns: [StoredColumn(samplesName, .pictures(shape), bytes: bytes)])
  }
}
