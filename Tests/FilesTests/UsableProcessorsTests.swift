import Files
import Foundation
import Testing

/// What a system of files says of the processors that a process may use.
@Suite struct UsableProcessorsTests {
  private static let v2 = "31 23 0:28 / /sys/fs/cgroup rw,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate"
  private static let v1 = "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct"
  /// Also a hierarchy that counts processor time and limits none.
  private static let accounting = "33 31 0:30 / /sys/fs/cgroup/cpuacct rw,relatime - cgroup cgroup rw,cpuacct"

  /// Control groups as they are found, the quotas in their folders, and what follows.
  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var groups = "0::/a/b\n"
    var mounts = [v2]
    /// Files in `/sys/fs/cgroup`.
    var files: [String: String] = [:]
    let quota: Double?

    init(
      _ name: String, groups: String = "0::/a/b\n", mounts: [String] = [v2], _ files: [String: String],
      _ quota: Double?
    ) {
      (testDescription, self.groups, self.mounts, self.files, self.quota) = (name, groups, mounts, files, quota)
    }
  }

  private static func v1Files(_ group: String, _ quota: String, _ period: String = "100000") -> [String: String] {
    let folder = "cpu,cpuacct" + group
    return ["\(folder)/cpu.cfs_quota_us": quota + "\n", "\(folder)/cpu.cfs_period_us": period + "\n"]
  }

  private static let cases = [
    Case("no limit", ["a/b/cpu.max": "max 100000\n"], nil),
    Case("half a processor", ["a/b/cpu.max": "50000 100000\n"], 0.5),
    Case("two and a half, of a period of its own", ["a/b/cpu.max": "25000 10000\n"], 2.5),
    Case("a limit of the group around it", ["a/cpu.max": "200000 100000\n", "a/b/cpu.max": "max 100000\n"], 2),
    Case("the least of nested ones", ["a/cpu.max": "150000 100000\n", "a/b/cpu.max": "300000 100000\n"], 1.5),
    Case("the least of nested ones, inside", ["a/cpu.max": "300000 100000\n", "a/b/cpu.max": "10000 40000\n"], 0.25),
    Case("a namespace", groups: "0::/\n", ["cpu.max": "300000 100000\n"], 3),
    Case("no files", [:], nil),
    Case("an empty file and one of nonsense", ["a/cpu.max": "", "a/b/cpu.max": "much 100000\n"], nil),
    Case("a period of nothing", ["a/b/cpu.max": "50000 0\n"], nil),
    Case("a group that is gone", groups: "0::/a/b (deleted)\n", ["a/cpu.max": "200000 100000\n"], 2),
    Case(
      "a hierarchy that is seen from a group on", groups: "0::/pod/a/b\n",
      mounts: [v2.replacing(" / /", with: " /pod /")],
      ["cpu.max": "400000 100000\n", "a/b/cpu.max": "350000 100000\n"],
      3.5),
    Case(
      "another group's hierarchy", mounts: [v2.replacing(" / /", with: " /aa /")], ["cpu.max": "1000 100000\n"], nil),
    Case(
      "a mount from outside of the namespace", groups: "0::/\n", mounts: [v2.replacing(" / /", with: " /../.. /")],
      ["cpu.max": "100000 100000\n"], 1),
    Case("a group outside of the namespace", groups: "0::/../a\n", ["a/cpu.max": "1000 100000\n"], nil),
    Case(
      "a blank in the mount point", mounts: [v2.replacing("/sys/fs/cgroup", with: #"/sys/fs/cgroup/my\040groups"#)],
      ["my groups/a/cpu.max": "50000 100000\n"], 0.5),
    Case(
      "names as systemd writes them", groups: #"0::/a\x20b/c\x2dd"# + "\n",
      mounts: [v2.replacing(" / /", with: #" /a\134x20b /"#)],
      [#"c\x2dd/cpu.max"#: "50000 100000\n"], 0.5),
    Case(
      "version 1", groups: "5:memory:/m\n4:cpu,cpuacct:/a\n", mounts: [accounting, v1], v1Files("/a", "250000"), 2.5),
    Case("version 1 without a limit", groups: "4:cpu,cpuacct:/a\n", mounts: [v1], v1Files("/a", "-1"), nil),
    Case("version 1 without a period", groups: "4:cpu:/\n", mounts: [v1], ["cpu,cpuacct/cpu.cfs_quota_us": "5"], nil),
    Case(
      "version 1, nested", groups: "4:cpu,cpuacct:/a/b\n", mounts: [v1],
      v1Files("/a", "100000").merging(v1Files("/a/b", "-1")) { $1 }, 1),
    Case(
      "version 1 in a container, of which the host's path is told", groups: "4:cpu,cpuacct:/docker/1f\n",
      mounts: [v1.replacing(" / /", with: " /docker/1f /")], v1Files("", "50000"), 0.5),
    Case(
      "both versions side by side", groups: "4:cpu,cpuacct:/a\n0::/a\n",
      mounts: [v2.replacing("/sys/fs/cgroup", with: "/sys/fs/cgroup/unified"), v1],
      v1Files("/a", "300000").merging(["unified/a/cpu.max": "max 100000\n"]) { $1 }, 3),
    Case("only a group that counts time", groups: "4:cpuacct:/\n", mounts: [accounting], v1Files("", "50000"), nil),
    Case("lines of other forms", groups: "\n4\n0:\n0::a\n", mounts: ["", "31 23 - cgroup2"], [:], nil),
  ]

  @Test(arguments: cases) func theTightestQuotaCounts(of system: Case) throws {
    let root = try SystemFolder()
    try root.write(system.groups, to: "proc/self/cgroup")
    try root.write(system.mounts.joined(separator: "\n") + "\n", to: "proc/self/mountinfo")
    for (path, text) in system.files { try root.write(text, to: "sys/fs/cgroup/" + path) }
    #expect(try root.processors("0-7").quota == system.quota)
  }

  @Test(
    arguments: [
      ("max 100000", 8, "all 8 CPUs"), ("250000 100000", 2, "a cgroup quota of 2.5 CPUs of 8"),
      ("50000 100000", 1, "a cgroup quota of 0.5 CPUs of 8"), ("100000 100000", 1, "a cgroup quota of 1 CPU of 8"),
      ("100000 300000", 1, "a cgroup quota of 0.33 CPUs of 8"), ("800000 100000", 8, "all 8 CPUs"),
      ("9223372036854775807 1", 8, "all 8 CPUs"),
    ])
  func aQuotaIsRoundedDownToThreads(limit: String, threads: Int, reason: String) throws {
    let root = try SystemFolder()
    try root.write("0::/\n", to: "proc/self/cgroup")
    try root.write(Self.v2, to: "proc/self/mountinfo")
    try root.write(limit, to: "sys/fs/cgroup/cpu.max")
    let processors = try root.processors("0-7")
    #expect(processors.threads == threads && processors.reason == reason, "\(processors.threads) \(processors.reason)")
  }

  @Test(
    arguments: [
      ("0-7", 4, "4 physical cores of 8 logical"), ("0-255", 4, "4 physical cores of 8 logical"),
      ("2,6", 1, "1 physical core of 2 logical that the affinity mask allows, of 8"),
      ("0-1,6", 3, "the affinity mask allows 3 of 8 CPUs"), ("5", 1, "the affinity mask allows 1 of 8 CPUs"),
    ])
  func eachPhysicalCoreGetsOneThread(mask: String, threads: Int, reason: String) throws {
    let root = try SystemFolder()
    for processor in 0..<8 {
      try root.write(
        "\(processor % 4),\(processor % 4 + 4)\n",
        to: "sys/devices/system/cpu/cpu\(processor)/topology/thread_siblings_list")
    }
    let found = try root.processors(mask)
    #expect(found.threads == threads && found.reason == reason, "\(found.threads) \(found.reason)")
  }

  @Test func aMachineMayHaveOneProcessor() throws {
    let found = try SystemFolder().processors("0", online: "0")
    #expect(found.threads == 1 && found.reason == "the machine has one CPU")
  }

  @Test func siblingsThatMakeNoSenseAreNone() throws {
    let root = try SystemFolder()
    for (processor, list) in ["", "1-", "7-2", "x", "0-99999999999", "9"].enumerated() {
      try root.write(list, to: "sys/devices/system/cpu/cpu\(processor)/topology/thread_siblings_list")
    }
    #expect(try root.processors("0-5").cores == 6)
  }

  @Test(arguments: [("3", 3), (" 2,4", 2), ("0", 4), ("many", 4), ("", 4)])
  func whatTheUserAsksForIsTheirs(word: String, threads: Int) throws {
    let root = try SystemFolder()
    let found = try root.processors("0-3", environment: ["OMP_NUM_THREADS": word])
    #expect(found.threads == threads)
    #expect((found.reason == "OMP_NUM_THREADS says so") == (threads != 4))
  }

  /// A folder that stands for the root of a system.
  private final class SystemFolder {
    let path = FileManager.default.temporaryDirectory.path + "/swift-gan-system-" + UUID().uuidString

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws {
      let file = URL(fileURLWithPath: path + "/" + name)
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }

    /// What is found with this affinity mask.
    func processors(
      _ mask: String, online: String = "0-7", environment: [String: String] = [:]
    ) throws -> UsableProcessors {
      try write(
        "Name:\tgan\nCpus_allowed:\tff\nCpus_allowed_list:\t\(mask)\nMems_allowed:\t1\n", to: "proc/self/status")
      try write(online + "\n", to: "sys/devices/system/cpu/online")
      return UsableProcessors(root: path, environment: environment)
    }
  }
}
