import Files
import Foundation
import Testing

/// What a system of files says of the memory that a process can take.
@Suite struct UsableMemoryTests {
  /// A folder with `proc` and control groups as they are found; the files of the group "a" of a hierarchy.
  private func bytes(version: Int, _ files: [String: String]) throws -> Int {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("memory-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    let isNew = version == 2
    var all = [
      "proc/meminfo": "MemTotal: 9000 kB\nMemAvailable:   1000 kB\n",
      "proc/self/cgroup": isNew ? "0::/a\n" : "4:cpu:/\n3:memory:/a\n",
      "proc/self/mountinfo": "31 23 0:28 / /cgroup rw - \(isNew ? "cgroup2 cgroup2 rw" : "cgroup cgroup rw,memory")\n",
    ]
    for (name, text) in files { all["cgroup/a/" + name] = text }
    for (name, text) in all {
      let file = root.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    return UsableMemory.bytes(root: root.path)
  }

  @Test func theLeastOfMachineAndGroupsIsLeft() throws {
    #expect(try bytes(version: 2, [:]) == 1_024_000)
    #expect(try bytes(version: 2, ["memory.max": "max\n", "memory.current": "5000\n"]) == 1_024_000)
    #expect(try bytes(version: 2, ["memory.max": "700000\n", "memory.current": "500000\n"]) == 200_000)
    #expect(try bytes(version: 2, ["memory.max": "700000\n", "memory.current": "800000\n"]) == 0)
    // What caches files makes room.
    let stat = "anon 10\ninactive_file 100000\nactive_file 7\n"
    #expect(
      try bytes(version: 2, ["memory.max": "700000\n", "memory.current": "500000\n", "memory.stat": stat]) == 300_000)
    #expect(
      try bytes(version: 1, ["memory.limit_in_bytes": "700000\n", "memory.usage_in_bytes": "500000\n"]) == 200_000)
    #expect(
      try bytes(version: 1, ["memory.limit_in_bytes": "9223372036854771712\n", "memory.usage_in_bytes": "5\n"])
        == 1_024_000)
  }

  @Test func thisProcessHasSome() { #expect(UsableMemory.bytes() > 0) }
}
