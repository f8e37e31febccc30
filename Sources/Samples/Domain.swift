import Datasets
import Torch

/// A kind of data: how rows that files hold become a tensor, how a tensor becomes such rows, and how they are shown.
///
/// A program that brings data of its own, say tokens, writes a domain for them and adds it to ``Domains``; nothing else knows
/// the difference.
public protocol Domain: Sendable {
  /// The columns that it serves.
  var format: ColumnFormat { get }
  /// How many rows a preview usually shows.
  var previewCount: Int { get }

  /// Stored rows as a tensor on `device` whose first axis counts them. The bytes are copied there as they are and converted
  /// there.
  func tensor(_ stored: UnsafeRawBufferPointer, count: Int, on device: Device) -> Tensor
  /// The rows of a tensor on any device as files hold them, rounded to what they can hold.
  func stored(_ values: Tensor) -> AlignedBytes
  /// `values` after a round trip through ``stored(_:)`` and ``tensor(_:count:on:)``, as read back from a file, where they
  /// were.
  func rounded(_ values: Tensor) -> Tensor
  /// Rows on any device as people see them.
  ///
  /// - Parameters:
  ///   - data: rows of a data set, to be shown behind where the drawing has room for both.
  ///   - columns: pictures in a row of the grid; nil for a nearly square one.
  /// - Throws: `PictureError` where they cannot be drawn.
  func preview(_ values: Tensor, over data: Tensor?, columns: Int?) throws -> Preview
  /// A preview of rows of a data set, without generated ones.
  func preview(ofData rows: Tensor) throws -> Preview
}

extension Domain {
  /// Stored rows as a tensor in host memory.
  public func tensor(_ stored: UnsafeRawBufferPointer, count: Int) -> Tensor { tensor(stored, count: count, on: .cpu) }

  /// `values` after a round trip through ``stored(_:)`` and ``tensor(_:count:on:)``.
  public func rounded(_ values: Tensor) -> Tensor {
    stored(values).withUnsafeBytes { tensor($0, count: values.size(0), on: values.device) }
  }

  /// All rows of a column of this domain.
  public func tensor(_ column: StoredColumn, on device: Device = .cpu) -> Tensor {
    column.withUnsafeBytes { tensor($0, count: column.count, on: device) }
  }

  /// The rows of a tensor as a column called `name`.
  public func column(_ name: String, _ values: Tensor) -> StoredColumn {
    StoredColumn(name, format, bytes: stored(values))
  }

  /// Rows as people see them.
  public func preview(_ values: Tensor) throws -> Preview { try preview(values, over: nil, columns: nil) }

  /// A preview of rows of a data set, without generated ones.
  public func preview(ofData rows: Tensor) throws -> Preview { try preview(rows) }
}

/// Which domain serves which kind of column.
///
/// ```swift
/// let domains = Domains.builtIn.adding(ColumnFormat.Kind(rawValue: "tokens")) { TokenDomain($0) }
/// let batch = Batch(try loader.next(), domains: domains)
/// ```
public struct Domains: Sendable {
  private var makers: [ColumnFormat.Kind: @Sendable (ColumnFormat) -> any Domain]

  /// Pictures, points and labels; columns of any other kind are numbers.
  public static let builtIn = Domains(makers: [
    .pictures: { PictureDomain($0) }, .points: { PointDomain($0) }, .labels: { LabelDomain($0) },
  ])

  /// These domains and another, which `make` makes for a column of `kind`.
  public func adding(
    _ kind: ColumnFormat.Kind, _ make: @escaping @Sendable (ColumnFormat) -> any Domain
  ) -> Domains {
    var makers = makers
    makers[kind] = make
    return Domains(makers: makers)
  }

  /// The domain of columns of this format.
  public subscript(format: ColumnFormat) -> any Domain { makers[format.kind]?(format) ?? NumberDomain(format) }
}

extension ColumnFormat {
  /// The built-in domain of columns of this format.
  public var domain: any Domain { Domains.builtIn[self] }
}
