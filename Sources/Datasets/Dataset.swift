import Files

/// All samples of one split, decoded: uint8 pixels `[N, H, W, C]` (0...255) or float32 numbers `[N, H, W, C]` in
/// [-1, 1], held in memory or mapped from a file. Never changes.
public final class Dataset: Sendable {
  /// How a number of a sample is stored.
  public enum Element: String, Sendable, Codable {
    /// One byte, 0...255.
    case uint8
    /// Four bytes, little endian, in [-1, 1].
    case float32

    /// Bytes a number takes.
    public var size: Int { self == .uint8 ? 1 : 4 }
  }

  /// What a sample is.
  public enum Kind: String, Sendable, Codable {
    /// A picture.
    case images
    /// A point in the plane: two float32 numbers, shape 2x1x1. Drawn as a scatter picture, many at a time.
    case plane
  }

  /// What the user called it, such as "digits" or "mnist".
  public let name: String
  /// Which split it holds.
  public let split: Split
  /// The shape of every sample.
  public let shape: SampleShape
  /// How numbers are stored.
  public let element: Element
  /// Pictures or points.
  public let kind: Kind
  /// How many samples there are.
  public let count: Int
  /// The class of each sample, 0..<``classCount``, where there are classes.
  public let labels: [Int32]?
  /// The classes' names in label order, where they have any.
  public let classNames: [String]?
  /// How many classes there are, where there are any.
  public let classCount: Int?
  /// SHA-256, in hexadecimal, of element, shape, samples and labels: equal for equal contents, wherever they came from.
  public let fingerprint: String
  /// Files that were left out because they could not be read.
  public let unreadable: [UnreadableFile]
  /// Sentences a person should read once, such as "both splits are the whole folder".
  public let notices: [String]
  /// Sentences about what is probably a mistake, such as floats of another range.
  public let warnings: [String]

  private let samples: SampleStorage

  /// - Parameter fingerprint: computed from all samples when nil.
  /// - Throws: ``DataError`` when there is no sample, a label is negative, or labels and samples differ in number.
  init(
    description: DatasetDescription, split: Split, samples: SampleStorage, labels: [Int32]?,
    unreadable: [UnreadableFile], notices: [String], warnings: [String] = [], fingerprint: String? = nil
  ) throws {
    name = description.name
    self.split = split
    shape = description.shape
    element = description.element
    kind = description.kind
    classNames = description.classNames
    self.samples = samples
    self.labels = labels
    self.unreadable = unreadable
    self.notices = notices
    self.warnings = warnings
    let count = samples.byteCount / description.bytesPerSample
    self.count = count
    guard count > 0 else { throw DataError("\(description.name): there is no sample in the \(split.rawValue) split") }
    guard labels.map({ $0.count == count }) ?? true else {
      throw DataError(
        "\(description.name): \(labels?.count ?? 0) labels for \(count) samples; the numbers must be equal")
    }
    if let lowest = labels?.min(), let highest = labels?.max() {
      guard lowest >= 0 else {
        throw DataError("\(description.name): label \(lowest) is negative; labels count from 0")
      }
      let named = description.classNames?.count ?? 0
      guard named == 0 || highest < named else {
        throw DataError("\(description.name): label \(highest) is too large for \(named) classes, which count from 0")
      }
      classCount = max(Int(highest) + 1, named, description.classCount ?? 0)
    } else {
      classCount = nil
    }
    self.fingerprint = fingerprint ?? ContentHash.fingerprint(description, samples, labels: labels)
  }

  /// Bytes a sample takes.
  public var bytesPerSample: Int { shape.elementCount * element.size }

  /// Calls `body` with all samples, one after the other, valid during the call.
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try samples.withUnsafeBytes(body)
  }

  /// Checks that the file behind the samples still is as long as when it was mapped: touching lost pages would end the
  /// process.
  ///
  /// - Throws: ``FileError`` when another program has shortened it.
  package func checkUnchanged() throws { try samples.checkUnchanged() }
}

/// A file that could not be used, and why.
public struct UnreadableFile: Sendable, Hashable, Codable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// What is wrong with it.
  public let reason: String

  /// The path, a colon, the reason.
  public var description: String { "\(path): \(reason)" }
}

/// What is known of a data set besides its samples.
struct DatasetDescription: Sendable, Codable, Equatable {
  var name: String
  var shape: SampleShape
  var element: Dataset.Element = .uint8
  var kind: Dataset.Kind = .images
  var classNames: [String]?
  /// At least so many classes, even where the last of them have no sample.
  var classCount: Int?

  var bytesPerSample: Int { shape.elementCount * element.size }
}

/// The digest behind ``Dataset/fingerprint``.
struct ContentHash: ~Copyable {
  private var hash = SHA256()

  init(_ description: DatasetDescription) {
    hash.update(Array("\(description.element.rawValue) \(description.shape)\n".utf8))
  }

  static func fingerprint(_ description: DatasetDescription, _ samples: SampleStorage, labels: [Int32]?) -> String {
    var hash = ContentHash(description)
    samples.withUnsafeBytes { hash.add(samples: $0) }
    return hash.finish(labels: labels)
  }

  mutating func add(samples: UnsafeRawBufferPointer) { hash.update(samples) }

  consuming func finish(labels: [Int32]?) -> String {
    if let labels { labels.map(\.littleEndian).withUnsafeBytes { hash.update($0) } }
    return hash.finish()
  }
}
