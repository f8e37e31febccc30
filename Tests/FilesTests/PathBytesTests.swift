import Files
import Foundation
import Glibc
import Testing

@Suite struct PathBytesTests {
  @Test(arguments: [
    ("plain.png", "plain.png"), ("größe/日本.png", "größe/日本.png"), ("caf\\xE9.png", "caf\\x5CxE9.png"),
    ("C:\\pictures\\x.png", "C:\\pictures\\x.png"), ("red\u{1B}[31m", "red\\x1B[31m"), ("two\nlines", "two\\x0Alines"),
    ("csi\u{9B}1m", "csi\\xC2\\x9B1m"), ("\\xe9", "\\xe9"), ("\\x5CxE9", "\\x5Cx5CxE9"),
  ]) func textOfCharacters(name: String, path: String) {
    #expect(String(pathBytes: Array(name.utf8)) == path)
    #expect(path.pathBytes == Array(name.utf8))
  }

  @Test func bytesThatAreNoCharactersAreEscaped() {
    #expect(String(pathBytes: Array("caf".utf8) + [0xe9] + Array(".png".utf8)) == "caf\\xE9.png")
    #expect(String(pathBytes: [0xc3]) == "\\xC3")
    #expect(String(pathBytes: [0xed, 0xa0, 0x80]) == "\\xED\\xA0\\x80")
    #expect(String(pathBytes: [0xf0, 0x9f, 0x98, 0x41]) == "\\xF0\\x9F\\x98A")
  }

  @Test func eachNameOfBytesComesBack() {
    var random = SystemRandomNumberGenerator()
    // Backslashes, x and digits often, so that names look like escapes.
    let likely = Array("\\\\\\xxE95C0ÿ€".utf8) + [0xe9, 0x80, 0xff, 0x1b, 0x7f]
    for _ in 0..<20_000 {
      let name = (0..<Int.random(in: 0...9, using: &random)).map { _ in
        Bool.random(using: &random)
          ? likely[Int.random(in: 0..<likely.count, using: &random)] : UInt8.random(in: 1...255, using: &random)
      }
      let path = String(pathBytes: name)
      #expect(path.pathBytes == name)
      #expect(path.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }
  }

  @Test func filesOfAnyNameAreWrittenListedAndRead() throws {
    let folder = NSTemporaryDirectory() + "paths-\(UUID().uuidString)"
    try FileSystem.createFolder(folder + "/caf\\xE9/deep")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/caf\\xE9/deep/\\xFF\\x1B.txt"
    try AtomicFile.write(Array("here".utf8), to: path)
    #expect(try FileSystem.names(in: folder) == ["caf\\xE9"])
    #expect(try FileSystem.names(in: folder + "/caf\\xE9/deep") == ["\\xFF\\x1B.txt"])
    #expect(try MappedFile(path).withBytes { $0.elementsEqual("here".utf8) })
    #expect(try FileSystem.contents(of: path) == Array("here".utf8))
    #expect(throws: FileError.self) { try FileSystem.contents(of: folder) }
    #expect(try FileStatus(path).size == 4)
    #expect(FileSystem.resolved(path)?.hasSuffix("/caf\\xE9/deep/\\xFF\\x1B.txt") == true)
    // What the system itself has under that name.
    var status = stat()
    #expect(stat((folder + "/caf").utf8CString.dropLast() + [CChar(bitPattern: 0xe9), 0], &status) == 0)
    #expect(FileSystem.remove(path))
  }

  @Test func absolutePathsAreFromTheRoot() {
    #expect(FileSystem.absolute("/a/./b//../c/") == "/a/c")
    #expect(FileSystem.absolute("x/y") == FileSystem.currentFolder + "/x/y")
    #expect(FileSystem.absolute("/../..") == "/")
  }

  @Test func folderIsNotMadeWhereAFileIs() throws {
    let folder = NSTemporaryDirectory() + "paths-\(UUID().uuidString)"
    try FileSystem.createFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try AtomicFile.write([1], to: folder + "/file")
    #expect(throws: FileError(folder + "/file", "this is a file where a folder is needed")) {
      try FileSystem.createFolder(folder + "/file")
    }
    #expect(throws: FileError.self) { try FileSystem.createFolder(folder + "/file/below") }
  }
}
