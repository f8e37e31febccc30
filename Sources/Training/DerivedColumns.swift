import Datasets
import Files
import Foundation
import RunLog
import Torch

/// The derived columns of a run's data, such as groups that were found in them, in a safetensors file of the run folder: what was
/// learnt from all of the data before the first step need not be learnt again, perhaps otherwise, for the run to go on.
///
/// Each column of labels is a tensor, int32 `[N]`; the metadata's `classes` say how many there are of each, in a JSON object.
extension RunDirectory {
  private static let classes = "classes"

  /// Writes the derived columns of `data`, if there are any.
  ///
  /// - Throws: `FileError` when the file cannot be written.
  func writeDerivedColumns(of data: Dataset) throws {
    guard !data.derived.isEmpty else { return }
    var counts: [String: Int] = [:]
    let items = data.derived.map { column in
      counts[column.name] = column.format.cardinality ?? 0
      return SafetensorsWriter.Item(column.name, Tensor(column.integers, shape: [column.count]))
    }
    let metadata = [Self.classes: String(decoding: try JSONEncoder().encode(counts), as: UTF8.self)]
    try SafetensorsWriter.write(items, metadata: metadata, to: derivedColumns, checksum: true)
  }

  /// `data` with the derived columns that the run has kept.
  ///
  /// - Parameter data: what the run began with; data of another number of rows are left as they are.
  /// - Throws: `FileError` for a damaged file.
  public func derivingColumns(of data: Dataset) throws -> Dataset {
    guard FileSystem.exists(derivedColumns) else { return data }
    let file = try SafetensorsFile(derivedColumns)
    try file.verifyChecksum()
    guard let text = file.metadata[Self.classes],
      let counts = try? JSONDecoder().decode([String: Int].self, from: Data(text.utf8))
    else {
      throw FileError(derivedColumns, "the metadata's '\(Self.classes)' is not an object of whole numbers in JSON")
    }
    var data = data
    for entry in file.entries.sorted(by: { $0.name < $1.name }) {
      let tensor = try file.tensor(entry.name)
      guard tensor.dtype == .int32, tensor.shape == [data.count] else { return data }
      do {
        data = try data.deriving(
          .labels(tensor.array(of: Int32.self), count: counts[entry.name], name: entry.name))
      } catch {
        throw FileError(derivedColumns, "\(error)")
      }
    }
    return data
  }
}
