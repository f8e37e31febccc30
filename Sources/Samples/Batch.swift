import Torch

/// What a column of a ``Batch`` holds, one row per sample: a type of its own for each role, so that a loss that is
/// computed on the wrong column does not compile.
public protocol Column {
  /// A column of these values, whose first axis counts samples.
  init(_ tensor: Tensor)
  /// The values.
  var tensor: Tensor { get }
}

/// The name and the type of a column. Extend it with the columns of your own game:
///
/// ```swift
/// extension Field where Value == Images { static var depth: Field { Field("depth") } }
/// ```
public struct Field<Value: Column>: Hashable, Sendable {
  /// The name, as data sets and model files have it.
  public let name: String

  /// The column called `name`.
  public init(_ name: String) { self.name = name }
}

/// Named, typed columns of equally many rows: what a loader hands to a training step, what a model takes, and what it gives.
///
/// ```swift
/// let (source, target) = (batch[.images], batch[.target])
/// ```
public struct Batch {
  /// How many rows each column has.
  public let count: Int
  private var columns: [(name: String, tensor: Tensor)] = []

  /// The name of the column that holds a data set's samples.
  public static let samples = "images"

  /// A batch without columns yet.
  public init(count: Int) { self.count = count }

  /// The names of its columns, in the order in which they were added.
  public var names: [String] { columns.map(\.name) }

  /// The column `field`.
  ///
  /// - Precondition: it is there; ``column(_:)`` asks.
  public subscript<Value>(field: Field<Value>) -> Value {
    get {
      guard let value = column(field) else {
        preconditionFailure("a batch has no column '\(field.name)'; it has \(names.joined(separator: ", "))")
      }
      return value
    }
    set { self[field.name] = newValue.tensor }
  }

  /// The column `field`, nil where there is none.
  public func column<Value>(_ field: Field<Value>) -> Value? { self[field.name].map { Value($0) } }

  /// The values of the column called `name`.
  ///
  /// - Precondition: a column that is set has ``count`` rows.
  public subscript(name: String) -> Tensor? {
    get { columns.first { $0.name == name }?.tensor }
    set {
      columns.removeAll { $0.name == name }
      guard let newValue else { return }
      precondition(
        newValue.size(0) == count, "column '\(name)' has \(newValue.size(0)) rows in a batch of \(count)")
      columns.append((name, newValue))
    }
  }

  /// The batch with `value` as its column `field`.
  public func with<Value>(_ field: Field<Value>, _ value: Value) -> Batch {
    var copy = self
    copy[field] = value
    return copy
  }
}
