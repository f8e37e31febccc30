/// The rows of one training step as data sets store them.
public struct StoredBatch: Sendable {
  /// Counts from 0 through all epochs.
  public let number: Int
  /// Rows in each column.
  public let count: Int
  /// The columns: those of the data set, or of several.
  public let columns: [StoredColumn]

  /// The column called `name`; nil where there is none.
  public subscript(name: String) -> StoredColumn? { columns.first { $0.name == name } }
}
