/// One row of a data set on its way into a batch.
public struct StoredRow: Sendable {
  /// A column of the row.
  public struct Column: Sendable {
    /// Its name and format.
    public var description: ColumnDescription
    /// Its numbers as they are stored.
    public var bytes: [UInt8]
  }

  /// The columns.
  public var columns: [Column]
}

/// A change of each row between data set and batch: a crop, a flip, a degradation. It runs on the loader's thread.
///
/// A view keeps nothing from one row to the next: what it draws depends on the seed, the number of the batch and the row's
/// place in it alone, so that a batch is the same whether it was reached by counting or by seeking.
public protocol RowView: Sendable {
  /// What a row holds after the change.
  ///
  /// - Parameter columns: what it held before.
  /// - Throws: ``DataError`` when the view does not suit these columns.
  func formats(of columns: [ColumnDescription]) throws(DataError) -> [ColumnDescription]

  /// Changes a row whose columns ``formats(of:)`` has accepted.
  func change(_ row: inout StoredRow, _ random: inout CounterRandom)
}
