import CZlib
import Files

/// Reads gzipped tar archives (POSIX ustar) from front to back.
package struct TarArchive {
  private static let blockSize = 512
  private let path: String
  private let file: gzFile

  /// Writes the plain files `members` of the archive at `path` into `folder`, under their last path component, each
  /// whole or not at all.
  ///
  /// - Throws: `FileError` when the archive is truncated or lacks a member.
  package static func unpack(_ path: String, members: [String], into folder: String) throws {
    guard let file = path.withPathBytes({ gzopen($0, "rb") }) else { throw FileError.system(path, "open the file") }
    defer { gzclose(file) }
    let archive = TarArchive(path: path, file: file)
    var wanted = Set(members)
    while !wanted.isEmpty, let entry = try archive.nextEntry() {
      guard entry.isPlainFile, wanted.remove(entry.name) != nil, let name = entry.name.split(separator: "/").last else {
        try archive.readBody(of: entry) { _ in }
        continue
      }
      try AtomicFile.write(to: folder + "/" + name) { writer in
        try archive.readBody(of: entry) { try writer.write($0) }
      }
    }
    guard wanted.isEmpty else {
      throw FileError(path, "the archive lacks \(wanted.sorted().joined(separator: ", "))")
    }
  }

  private struct Entry {
    let name: String
    let count: Int
    let isPlainFile: Bool
  }

  /// The header of the next member, or nil at the end of the archive.
  private func nextEntry() throws -> Entry? {
    var header = [UInt8](repeating: 0, count: Self.blockSize)
    try header.withUnsafeMutableBytes { try fill($0) }
    // An empty block marks the end.
    guard header.contains(where: { $0 != 0 }) else { return nil }
    func text(_ range: Range<Int>) -> String {
      String(decoding: header[range].prefix { $0 != 0 }, as: UTF8.self)
    }
    let digits = text(124..<136).filter { !$0.isWhitespace }
    guard let count = Int(digits, radix: 8), count >= 0 else {
      throw FileError(path, "this is not a tar archive")
    }
    let prefix = text(257..<262) == "ustar" ? text(345..<500) : ""
    let name = prefix.isEmpty ? text(0..<100) : prefix + "/" + text(0..<100)
    return Entry(name: name, count: count, isPlainFile: [0, UInt8(ascii: "0")].contains(header[156]))
  }

  /// Passes the bytes of `entry` on and skips the padding behind them.
  private func readBody(of entry: Entry, _ receive: (UnsafeRawBufferPointer) throws -> Void) throws {
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    try chunk.withUnsafeMutableBytes { chunk in
      var rest = entry.count
      while rest > 0 {
        let piece = UnsafeMutableRawBufferPointer(rebasing: chunk[..<min(rest, chunk.count)])
        try fill(piece)
        try receive(UnsafeRawBufferPointer(piece))
        rest -= piece.count
      }
      let padding = (Self.blockSize - entry.count % Self.blockSize) % Self.blockSize
      try fill(UnsafeMutableRawBufferPointer(rebasing: chunk[..<padding]))
    }
  }

  private func fill(_ bytes: UnsafeMutableRawBufferPointer) throws {
    guard !bytes.isEmpty else { return }
    guard gzread(file, bytes.baseAddress, UInt32(bytes.count)) == Int32(bytes.count) else {
      throw FileError(path, "the archive is truncated or damaged")
    }
  }
}
