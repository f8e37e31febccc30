import Files
import Foundation
import FuzzedReaders
import Glibc

// What libFuzzer calls: the reader that $FUZZED_READER names. scripts/fuzz builds and starts it.

private let reader = FuzzedReader(rawValue: Invocation.environment["FUZZED_READER"] ?? "")
/// In memory, so that the disk does not set the pace.
private let folder = "/dev/shm/swift-gan-fuzz-\(getpid())"

/// Reads one input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let reader else {
    let names = FuzzedReader.allCases.map(\.rawValue).joined(separator: ", ")
    FileHandle.standardError.write(Data("FUZZED_READER must be one of \(names)\n".utf8))
    exit(2)
  }
  do {
    try FileSystem.createFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try reader.read(UnsafeRawBufferPointer(start: start, count: count), in: folder)
    return 0
  } catch {
    fatalError("no sentence for people, but \(type(of: error)): \(error)")
  }
}
