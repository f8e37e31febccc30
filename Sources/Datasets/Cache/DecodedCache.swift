import Files
import Synchronization

/// Decoded data sets, kept in the folder `decoded` of the cache, so that each is decoded once.
struct DecodedCache {
  let options: LoadOptions

  /// One writer a process: two would share the name of the partial file.
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
      throw DataError("\(production.producer.description.name): there is no picture that can be read\(first)")
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
    var result = Production.Result(unreadable: [], labels: nil)
    let description = production.producer.description
    var filled = 0
    let all = try AlignedBytes(count: production.producer.count * description.bytesPerSample) { target in
      result = try production.run { block in
        UnsafeMutableRawBufferPointer(rebasing: target[filled...]).copyMemory(from: block)
        filled += block.count
      }
    }
    let samples =
      all.count == filled
      ? all
      : AlignedBytes(count: filled) { target in
        all.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<filled])) }
      }
    return try Dataset(
      description: description, split: split, samples: .memory(samples), labels: result.labels,
      unreadable: result.unreadable, notices: notices)
  }
}
