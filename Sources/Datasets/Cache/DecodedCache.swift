import Files
import Synchronization

/// Decoded data sets, kept in the folder `decoded` of the cache, so that each is decoded once.
struct DecodedCache {
  let options: LoadOptions

  /// One writer per process: two would share the name of the partial file.
  private static let writing = Mutex(())

  /// The data set whose origin `key` describes: from the cache when it is there and sound, else decoded and put there.
  ///
  /// Where the cache cannot be written, the data set stays in memory and says so in its notices.
  func dataset(
    key: String, split: Split, notices: [String] = [], producer: () throws -> any SampleProducer
  ) throws -> Dataset {
    let folder = options.cacheFolder + "/decoded"
    let path = folder + "/" + Array(key.utf8).withUnsafeBytes { SHA256.digest($0) }.prefix(32) + ".samples"
    var notices = notices
    if FileSystem.exists(path) {
      do {
        return try DecodedFile.read(path, key: key, split: split, notices: notices)
      } catch {
        notices.append("\(error); it was decoded again")
      }
    }
    let production = Production(producer: try producer(), options: options)
    guard production.producer.count > 0 else {
      let first = production.producer.unreadable.first.map { "; the first unreadable file is \($0)" } ?? ""
      throw DataError("\(production.producer.description.name): no picture can be read\(first)")
    }
    do {
      try FileSystem.createFolder(folder)
      try Self.writing.withLock { _ in
        AtomicFile.removeLeftovers(in: folder)
        try DecodedFile.write(production, key: key, to: path)
      }
      return try DecodedFile.read(path, key: key, split: split, notices: notices)
    } catch let error as DataError {
      throw error
    } catch {
      let reason = "\(error)"
      return try inMemory(production, split: split, notices: notices + ["kept in memory, not in the cache: \(reason)"])
    }
  }

  private func inMemory(_ production: Production, split: Split, notices: [String]) throws -> Dataset {
    let description = production.producer.description
    let offsets = description.offsets(count: production.producer.count)
    var result = Production.Result(unreadable: [], labels: nil)
    var count = 0
    let all = try AlignedBytes(count: offsets.last ?? 0) { target in
      result = try production.run { block in
        description.forEachColumn(of: block) { column, rows in
          let start = offsets[column] + count * description.columns[column].format.rowBytes
          UnsafeMutableRawBufferPointer(rebasing: target[start...]).copyMemory(from: rows)
        }
        count += block.count / description.rowBytes
      }
    }
    var columns = zip(description.columns, offsets).map { column, start in
      StoredColumn(
        column.name, column.format, .memory(all, start..<(start + count * column.format.rowBytes)))
    }
    if let labels = result.labels { columns.append(description.classes(labels)) }
    return try Dataset(
      name: description.name, split: split, columns: columns, unreadable: result.unreadable, notices: notices)
  }
}
