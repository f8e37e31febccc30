import Files
import Synchronization

/// All samples of a producer, decoded in parallel, block by block.
struct Production {
  let producer: any SampleProducer
  let options: LoadOptions

  /// What is known when all is decoded.
  struct Result {
    var unreadable: [UnreadableFile]
    /// Those of the samples that could be read.
    var labels: [Int32]?
  }

  /// Bytes of samples that are in memory at a time.
  private static let blockBytes = 32 << 20

  /// Passes the samples to `write`, rows of all columns, in order, without those that cannot be read.
  ///
  /// - Throws: ``DataError`` when more than half of the files cannot be read.
  func run(_ write: (UnsafeRawBufferPointer) throws -> Void) throws -> Result {
    let size = producer.description.rowBytes
    let count = producer.count
    let block = min(max(Self.blockBytes / size, 32), 4096, max(count, 1))
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: block * size, alignment: 64)
    defer { buffer.deallocate() }
    var result = Result(unreadable: producer.unreadable, labels: producer.labels.map { _ in [] })
    let failedBefore = result.unreadable.count
    for start in stride(from: 0, to: count, by: block) {
      let range = start..<min(start + block, count)
      let failures = produce(range, size: size, into: buffer)
      var kept = 0
      for index in range {
        if let failure = failures[index] {
          result.unreadable.append(UnreadableFile(path: failure.path, reason: failure.reason))
          continue
        }
        let from = (index - start) * size
        if from != kept * size {
          buffer[(kept * size)..<((kept + 1) * size)].copyBytes(from: buffer[from..<(from + size)])
        }
        if let label = producer.labels?[index] { result.labels?.append(label) }
        kept += 1
      }
      try write(UnsafeRawBufferPointer(rebasing: buffer[..<(kept * size)]))
      options.progress?(range.upperBound, count)
    }
    let total = count + failedBefore
    if let first = result.unreadable.first, 2 * result.unreadable.count > total {
      throw DataError(
        "\(producer.description.name): \(result.unreadable.count) of \(total) files cannot be read, more than half; the "
          + "first is \(first)")
    }
    return result
  }

  private func produce(_ range: Range<Int>, size: Int, into buffer: UnsafeMutableRawBufferPointer) -> [Int: FileError] {
    let failures = Mutex<[Int: FileError]>([:])
    // Each thread writes rows of its own.
    nonisolated(unsafe) let buffer = buffer
    let producer = producer
    concurrently(range.count, threads: options.threads) { place in
      let row = UnsafeMutableRawBufferPointer(rebasing: buffer[(place * size)..<((place + 1) * size)])
      do throws(FileError) {
        try producer.produce(range.lowerBound + place, into: row)
      } catch {
        failures.withLock { $0[range.lowerBound + place] = error }
      }
    }
    return failures.withLock { $0 }
  }
}
