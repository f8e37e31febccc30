import CZlib
import Files

/// A file that may be compressed with gzip (RFC 1952).
struct PlainOrGzip {
  let path: String
  private let file: MappedFile

  /// The most that deflate shrinks: 258 bytes from 2 bits (RFC 1951).
  private static let greatestRatio = 1032

  /// - Throws: ``FileError`` when the file cannot be read.
  init(_ path: String) throws(FileError) {
    self.path = path
    file = try MappedFile(path)
  }

  var isCompressed: Bool { file.bytes.starts(with: [0x1f, 0x8b]) }

  /// The first bytes of the plain content, at most `count`.
  func prefix(_ count: Int) throws(FileError) -> [UInt8] {
    guard isCompressed else { return Array(file.bytes.prefix(count)) }
    return try inflate(atMost: count).bytes
  }

  /// The plain content from `offset` on, which must be `count` bytes long; mapped where the file is not compressed.
  ///
  /// - Throws: ``FileError`` when it is shorter or longer, before anything is allocated where the file is too small to
  ///   hold so much.
  func content(from offset: Int, count: Int, announcedBy header: String) throws(FileError) -> SampleStorage {
    let whole = offset + count
    guard isCompressed else {
      guard file.bytes.count == whole else {
        throw FileError(path, "\(header), that is \(whole) bytes, but the file has \(file.bytes.count)")
      }
      return .mapped(file, offset..<whole, path: path)
    }
    guard whole / Self.greatestRatio <= file.bytes.count else {
      throw FileError(
        path, "\(header), that is \(whole) bytes, more than \(file.bytes.count) compressed bytes can hold")
    }
    let (bytes, ended) = try inflate(atMost: whole)
    guard ended, bytes.count == whole else {
      let found = ended ? "\(bytes.count)" : "more than \(whole)"
      throw FileError(path, "\(header), that is \(whole) bytes, but the file holds \(found)")
    }
    return .memory(
      AlignedBytes(count: count) { target in
        bytes.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset...])) }
      })
  }

  /// Inflates up to `limit` bytes; `ended` tells whether that was all.
  private func inflate(atMost limit: Int) throws(FileError) -> (bytes: [UInt8], ended: Bool) {
    var stream = z_stream()
    let gzip: Int32 = 16 + MAX_WBITS
    guard inflateInit2_(&stream, gzip, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw FileError(path, "zlib failed to initialise")
    }
    defer { inflateEnd(&stream) }
    // One byte more than wanted, so that the end of the stream is seen, or that there is more.
    var output = [UInt8](repeating: 0, count: limit + 1)
    let piece = 1 << 30
    var (read, written, ended) = (0, 0, false)
    while written <= limit && !ended {
      let (input, room) = (min(piece, file.bytes.count - read), min(piece, limit + 1 - written))
      let status = output.withUnsafeMutableBufferPointer { output in
        stream.next_in = UnsafeMutablePointer(
          mutating: file.bytes.bindMemory(to: UInt8.self).baseAddress.map { $0 + read })
        stream.avail_in = UInt32(input)
        stream.next_out = output.baseAddress.map { $0 + written }
        stream.avail_out = UInt32(room)
        return CZlib.inflate(&stream, Z_NO_FLUSH)
      }
      read += input - Int(stream.avail_in)
      written += room - Int(stream.avail_out)
      switch status {
      case Z_STREAM_END where read == file.bytes.count: ended = true
      case Z_STREAM_END: inflateReset(&stream)  // A file may be several gzip members, one after the other.
      case Z_OK: break
      case Z_BUF_ERROR: throw FileError(path, "the compressed file is truncated")
      default: throw FileError(path, "the compressed file is damaged")
      }
    }
    output.removeLast(output.count - min(written, limit))
    return (output, ended && written <= limit)
  }
}
