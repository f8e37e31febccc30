/// The summary of a data set that `gan data SOURCE` prints.
public struct DatasetSummary: Sendable {
  /// How a channel's numbers are distributed, in [-1, 1].
  public struct Channel: Sendable, Hashable {
    /// Their mean.
    public let mean: Double
    /// Their standard deviation (of the whole set, not an estimate).
    public let deviation: Double
  }

  /// Samples that equal an earlier one byte for byte.
  public struct Duplicates: Sendable, Hashable {
    /// How many there are.
    public let count: Int
    /// The first of them and the sample that it equals.
    public let example: Pair?
  }

  /// Two samples.
  public struct Pair: Sendable, Hashable {
    /// The earlier one.
    public let first: Int
    /// The later one.
    public let second: Int
  }

  /// Samples.
  public let count: Int
  /// The shape of each.
  public let shape: SampleShape
  /// Samples of each class, where there are classes.
  public let classCounts: [Int]?
  /// A channel's statistics each.
  public let channels: [Channel]
  /// Samples that occur more than once.
  public let duplicates: Duplicates
  /// Files that were left out.
  public let unreadable: [UnreadableFile]

  /// Goes through all samples of `dataset` once.
  public init(_ dataset: Dataset) {
    count = dataset.count
    shape = dataset.shape
    unreadable = dataset.unreadable
    classCounts = dataset.labels.map { labels in
      var counts = [Int](repeating: 0, count: dataset.classCount ?? 0)
      for label in labels { counts[Int(label)] += 1 }
      return counts
    }
    channels = Self.channels(of: dataset)
    duplicates = dataset.withUnsafeBytes { Self.duplicates($0, sampleBytes: dataset.bytesPerSample) }
  }

  /// A channel's statistics each.
  public static func channels(of dataset: Dataset) -> [Channel] {
    dataset.withUnsafeBytes { bytes in
      dataset.element == .uint8
        ? channelsOfBytes(bytes, channels: dataset.shape.channels)
        : channelsOfFloats(bytes.bindMemory(to: Float.self), channels: dataset.shape.channels)
    }
  }

  /// Sums of whole numbers, exact up to 2⁴⁷ pixels; a byte b stands for 2 b / 255 - 1.
  private static func channelsOfBytes(_ bytes: UnsafeRawBufferPointer, channels: Int) -> [Channel] {
    (0..<channels).map { channel in
      var (sum, squares) = (UInt64(0), UInt64(0))
      for index in stride(from: channel, to: bytes.count, by: channels) {
        let value = UInt64(bytes[index])
        sum &+= value
        squares &+= value &* value
      }
      let count = Double(bytes.count / channels)
      let mean = Double(sum) / count
      let variance = max(Double(squares) / count - mean * mean, 0)
      return Channel(mean: mean / 127.5 - 1, deviation: variance.squareRoot() / 127.5)
    }
  }

  private static func channelsOfFloats(_ numbers: UnsafeBufferPointer<Float>, channels: Int) -> [Channel] {
    (0..<channels).map { channel in
      var (sum, squares) = (0.0, 0.0)
      for index in stride(from: channel, to: numbers.count, by: channels) {
        let value = Double(numbers[index])
        sum += value
        squares += value * value
      }
      let count = Double(numbers.count / channels)
      let mean = sum / count
      return Channel(mean: mean, deviation: max(squares / count - mean * mean, 0).squareRoot())
    }
  }

  private static func duplicates(_ bytes: UnsafeRawBufferPointer, sampleBytes: Int) -> Duplicates {
    func sample(_ index: Int) -> UnsafeRawBufferPointer {
      UnsafeRawBufferPointer(rebasing: bytes[(index * sampleBytes)..<((index + 1) * sampleBytes)])
    }
    var originals: [Int: [Int]] = [:]
    var (count, example) = (0, Pair?.none)
    for index in 0..<(bytes.count / sampleBytes) {
      var hasher = Hasher()
      hasher.combine(bytes: sample(index))
      let hash = hasher.finalize()
      if let original = originals[hash]?.first(where: { sample($0).elementsEqual(sample(index)) }) {
        count += 1
        example = example ?? Pair(first: original, second: index)
      } else {
        originals[hash, default: []].append(index)
      }
    }
    return Duplicates(count: count, example: example)
  }
}
