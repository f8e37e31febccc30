import Files
import Foundation
import Testing

/// What the system tells of itself.
struct SystemFileTests {
  /// Their size is 0 until they are read.
  @Test func filesOfTheSystemAreReadWhole() throws {
    let text = try #require(SystemFile.text("/proc/self/status"))
    #expect(text.hasPrefix("Name:") && text.contains("\nPid:\t\(getpid())\n"))
    let folder = try TemporaryFolder()
    let long = String(repeating: "0123456789", count: 5000)
    try AtomicFile.write(Array(long.utf8), to: folder.file("long"))
    #expect(SystemFile.text(folder.file("long")) == long)
    #expect(SystemFile.text(folder.file("missing")) == nil && SystemFile.text(folder.path) == nil)
  }

  @Test(
    arguments: [
      ("0-3", "0-7", [0, 1, 2, 3]), ("0-1,5,7-8", "0-7", [0, 1, 5, 7]), ("0-255", "0,2", [0, 2]), ("", "0-1", [0, 1]),
      ("6", "0-1", [0, 1]),
    ])
  func affinityIsTheMaskOfWhatIsSwitchedOn(mask: String, online: String, processors: [Int]) throws {
    let folder = try TemporaryFolder()
    for path in ["proc/self", "sys/devices/system/cpu"] { try FileSystem.createFolder(folder.file(path)) }
    try AtomicFile.write(Array("Name:\tx\nCpus_allowed_list:\t\(mask)\n".utf8), to: folder.file("proc/self/status"))
    try AtomicFile.write(Array((online + "\n").utf8), to: folder.file("sys/devices/system/cpu/online"))
    #expect(Affinity.processors(root: folder.path) == processors)
  }

  @Test func affinityIsFoundOnThisMachine() throws {
    let found = Affinity.processors()
    #expect(found.count == ProcessInfo.processInfo.activeProcessorCount && Set(found).isSubset(of: Affinity.online()))
    let empty = try TemporaryFolder()
    #expect(Affinity.processors(root: empty.path) == Array(0..<sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }

  @Test(
    arguments: [
      ("0-3,8,10-11\n", [0, 1, 2, 3, 8, 10, 11]), ("4,0", [0, 4]), ("\n", []), ("x,1-,-2,3-1,5-6-7,0-99999999999", []),
    ])
  func aListIsRanges(list: String, numbers: [Int]) { #expect(Affinity.numbers(list) == numbers) }
}
