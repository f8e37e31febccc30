/// A data set as a loader draws from it: which of its columns, under which names, and how each row is changed on the way.
///
/// Two unpaired sets, as CycleGAN takes them:
///
/// ```swift
/// let loader = try BatchLoader(
///   [Feed(horses, columns: ["images": "images"]), Feed(zebras, columns: ["images": "target"])], batchSize: 1, seed: 1)
/// ```
public struct Feed: Sendable {
  /// What it draws from.
  public let data: Dataset
  /// The columns that are taken, and what they are called in batches.
  let columns: [(source: StoredColumn, name: String)]
  /// What changes each row, one after the other.
  let views: [any RowView]
  /// What the batches hold of this set.
  let formats: [ColumnDescription]

  /// - Parameters:
  ///   - columns: the name in batches of each column that is taken; nil takes all but derived ones under their own names.
  ///   - views: what changes each row, one after the other.
  /// - Throws: ``DataError`` when the set lacks one of the columns, or a view does not suit them.
  public init(_ data: Dataset, columns: [String: String]? = nil, views: [any RowView] = []) throws(DataError) {
    for name in (columns ?? [:]).keys.sorted() where data[name] == nil {
      let names = data.columns.map(\.name).joined(separator: ", ")
      throw DataError("\(data.name): there is no column '\(name)'; the data set has \(names)")
    }
    self.data = data
    self.views = views
    self.columns =
      columns.map { names in
        (data.columns + data.derived).compactMap { column in names[column.name].map { (column, $0) } }
      } ?? data.columns.map { ($0, $0.name) }
    var formats = self.columns.map { ColumnDescription($0.name, $0.source.format) }
    do throws(DataError) {
      for view in views { formats = try view.formats(of: formats) }
    } catch {
      throw DataError("\(data.name): \(error)")
    }
    self.formats = formats
  }

  /// The rows at `places` of the data set, in their order.
  ///
  /// - Parameter random: random numbers for a view, by its place among the views and the row's place in the batch.
  func rows(at places: [Int], random: (_ view: Int, _ row: Int) -> CounterRandom) -> [StoredColumn] {
    guard !views.isEmpty else { return columns.map { $0.source.rows(at: places).renamed($0.name) } }
    let rows = places.enumerated().map { index, place in
      var row = StoredRow(
        columns: columns.map { column, name in
          StoredRow.Column(
            description: ColumnDescription(name, column.format),
            bytes: column.withRows(place..<(place + 1)) { Array($0) })
        })
      for (number, view) in views.enumerated() {
        var random = random(number, index)
        view.change(&row, &random)
      }
      return row
    }
    return formats.enumerated().map { index, column in
      StoredColumn(
        column.name, column.format, bytes: AlignedBytes(copying: rows.flatMap { $0.columns[index].bytes }))
    }
  }
}
