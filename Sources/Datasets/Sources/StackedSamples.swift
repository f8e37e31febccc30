import Files

/// Three random grey digits as the channels of a picture: 1,000 modes, the label being their number, hundreds from
/// channel 0 (Metz et al. 2017, "Unrolled generative adversarial networks", arXiv:1611.02163).
struct StackedSamples: SampleProducer {
  private let digits: Dataset
  private let digitLabels: [Int32]
  private let split: Split
  private let seed: UInt64
  let description: DatasetDescription
  let labels: [Int32]?

  /// As many pictures as there are `digits`; picture i depends on the digits, `seed` and i alone.
  init(_ digits: Dataset, name: String, seed: UInt64) throws {
    guard let digitLabels = digits.labels, digits.shape.channels == 1, digits.classCount == 10 else {
      throw DataError("\(name): only grey pictures with labels 0...9 can be stacked")
    }
    self.digits = digits
    self.digitLabels = digitLabels
    split = digits.split
    self.seed = seed
    description = DatasetDescription(
      name: name, shape: SampleShape(channels: 3, height: digits.shape.height, width: digits.shape.width),
      classCount: 1000)
    labels = (0..<digits.count).map { index in
      Self.choice(index, of: digits.count, split: digits.split, seed: seed).reduce(0) { 10 * $0 + digitLabels[$1] }
    }
  }

  var count: Int { digits.count }

  func produce(_ index: Int, into row: UnsafeMutableRawBufferPointer) throws(FileError) {
    let pixels = digits.bytesPerSample
    digits.withUnsafeBytes { samples in
      for (channel, digit) in Self.choice(index, of: count, split: split, seed: seed).enumerated() {
        for pixel in 0..<pixels { row[3 * pixel + channel] = samples[digit * pixels + pixel] }
      }
    }
  }

  private static func choice(_ index: Int, of count: Int, split: Split, seed: UInt64) -> [Int] {
    // Streams apart from those that draw the digits themselves.
    var random = CounterRandom(seed: seed, stream: split == .train ? 0x737461636b : 0x737461636c, index: index)
    return (0..<3).map { _ in random.below(count) }
  }
}
