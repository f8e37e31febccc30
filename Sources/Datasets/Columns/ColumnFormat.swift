/// What a column of a data set holds, and how a row of it is stored.
public struct ColumnFormat: Sendable, Hashable, Codable {
  /// What the rows are. The set of kinds is open: a program that brings data of its own names its kind,
  /// `ColumnFormat.Kind(rawValue: "tokens")`, and the `Domain` that belongs to it.
  public struct Kind: RawRepresentable, Sendable, Hashable, Codable {
    /// The word that files have for it.
    public let rawValue: String

    /// The kind that files call `rawValue`.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Pictures `[H, W, C]`: bytes from 0 (black) to 255, or floats from -1 to 1.
    public static let pictures = Kind(rawValue: "images")
    /// Points in the plane: two floats.
    public static let points = Kind(rawValue: "plane")
    /// Classes: whole numbers from 0.
    public static let labels = Kind(rawValue: "labels")
  }

  /// How a number is stored.
  public enum Element: String, Sendable, Codable {
    /// One byte, 0...255.
    case uint8
    /// Four bytes, little endian.
    case float32
    /// A whole number of four bytes, little endian.
    case int32

    /// Bytes a number takes.
    public var size: Int { self == .uint8 ? 1 : 4 }
  }

  /// What a row is.
  public var kind: Kind
  /// How its numbers are stored.
  public var element: Element
  /// Its axes: `[H, W, C]` for a picture, `[2]` for a point, none for a label.
  public var shape: [Int]
  /// How many different values there are, 0..<cardinality, where the numbers stand for something: classes, words.
  public var cardinality: Int?
  /// What these values are called, where they have names.
  public var names: [String]?

  /// A format of any kind.
  ///
  /// - Precondition: no axis is negative.
  public init(
    _ kind: Kind, _ element: Element, shape: [Int], cardinality: Int? = nil, names: [String]? = nil
  ) {
    precondition(shape.allSatisfy { $0 >= 0 }, "a row cannot have the shape \(shape)")
    self.kind = kind
    self.element = element
    self.shape = shape
    self.cardinality = cardinality
    self.names = names
  }

  /// Pictures of `shape`.
  public static func pictures(_ shape: SampleShape, _ element: Element = .uint8) -> ColumnFormat {
    ColumnFormat(.pictures, element, shape: [shape.height, shape.width, shape.channels])
  }

  /// Points in the plane.
  public static let points = ColumnFormat(.points, .float32, shape: [2])

  /// A class for each row: at least `cardinality` of them, or as many as there are `names`.
  public static func labels(cardinality: Int? = nil, names: [String]? = nil) -> ColumnFormat {
    ColumnFormat(.labels, .int32, shape: [], cardinality: cardinality ?? names?.count, names: names)
  }

  /// Numbers in a row.
  public var elementCount: Int { shape.reduce(1, *) }
  /// Bytes a row takes.
  public var rowBytes: Int { elementCount * element.size }

  /// Channels, height and width of a row `[H, W, C]`; a row `[C]` counts as one pixel. nil for other shapes.
  public var sampleShape: SampleShape? {
    switch shape.count {
    case 3: SampleShape(channels: shape[2], height: shape[0], width: shape[1])
    case 1: SampleShape(channels: shape[0], height: 1, width: 1)
    default: nil
    }
  }
}

/// The name of a column and what it holds.
public struct ColumnDescription: Sendable, Hashable, Codable {
  /// What it is called: "images", "classes", "target".
  public var name: String
  /// What its rows are and how they are stored.
  public var format: ColumnFormat

  /// A column called `name` of this format.
  public init(_ name: String, _ format: ColumnFormat) {
    self.name = name
    self.format = format
  }
}
