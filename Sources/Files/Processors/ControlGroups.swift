/// What the control groups of this process (cgroups(7)) allow it, in version 2, version 1, or both side by side.
enum ControlGroups {
  /// How many processors' time the tightest quota allows: of the process's groups and all groups around them that it can
  /// see. Nil if there is none.
  ///
  /// - Parameter root: the folder in which `proc` lies, and to which mount points are relative.
  static func quota(root: String) -> Double? { seen(by: "cpu", root: root).compactMap(\.quota).min() }

  /// How many bytes the process can still take until the tightest limit, likewise; what only caches files is given back
  /// then, and counts as free. Nil if there is no limit.
  static func memoryLeft(root: String) -> Int? { seen(by: "memory", root: root).compactMap(\.memoryLeft).min() }

  /// The groups whose `controller` limits the process, as far as it can see them.
  private static func seen(by controller: Substring, root: String) -> [Group] {
    let groups = lines(root + "/proc/self/cgroup").compactMap { Membership($0, controller) }
    let mounts = lines(root + "/proc/self/mountinfo").compactMap { Mount($0, controller) }
    return mounts.flatMap { mount in
      groups.compactMap(mount.folders).joined().map { Group(version: mount.version, folder: root + $0) }
    }
  }

  private static func lines(_ path: String) -> [Substring] { SystemFile.text(path)?.split(separator: "\n") ?? [] }

  enum Version: Equatable { case one, two }

  /// A group that the process is in: a line of `/proc/self/cgroup` that concerns a controller, as in "4:cpu,cpuacct:/a/b"
  /// or, in version 2, "0::/a/b".
  struct Membership: Equatable {
    let version: Version
    /// From the root of the hierarchy, or of the process's namespace.
    let path: String

    init?(_ line: Substring, _ controller: Substring) {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3, parts[2].hasPrefix("/") else { return nil }
      if parts[0] == "0" && parts[1].isEmpty {
        version = .two
      } else if parts[1].split(separator: ",").contains(controller) {
        version = .one
      } else {
        return nil
      }
      path = String(pathBytes: parts[2].utf8)
    }
  }

  /// Where a hierarchy of groups that a controller may limit can be seen: a line of `/proc/self/mountinfo`, as in
  /// "31 23 0:28 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw" (proc_pid_mountinfo(5)).
  struct Mount: Equatable {
    let version: Version
    /// The group that is seen at `point`.
    let root: String
    let point: String

    init?(_ line: Substring, _ controller: Substring) {
      // Before the hyphen stands any number of optional fields, six and more from the beginning.
      let fields = line.split(separator: " ")
      guard let hyphen = fields.dropFirst(6).firstIndex(of: "-"), fields.count > hyphen + 3 else { return nil }
      if fields[hyphen + 1] == "cgroup2" {
        version = .two
      } else if fields[hyphen + 1] == "cgroup", fields[hyphen + 3].split(separator: ",").contains(controller) {
        version = .one
      } else {
        return nil
      }
      (root, point) = (Self.unescaped(fields[3]), Self.unescaped(fields[4]))
    }

    /// The folders of a group and of those around it that are seen here; nil if the group is not below what is seen.
    func folders(of group: Membership) -> [String]? {
      guard group.version == version, let below = path(below: root, of: group.path) else { return nil }
      return (0...below.count).map { ([point[...]] + below.prefix($0)).joined(separator: "/") }
    }

    private func path(below root: String, of path: String) -> [Substring]? {
      let (outer, inner) = (root.split(separator: "/"), path.split(separator: "/"))
      // Made before the process's namespace was, the mount shows a group above the namespace's root; its limits hold too, and
      // nothing names those between.
      if !outer.isEmpty && outer.allSatisfy({ $0 == ".." }) { return [] }
      guard inner.starts(with: outer), !inner.contains("..") else { return nil }
      return Array(inner.dropFirst(outer.count))
    }

    /// A path without the escapes in octal that the kernel writes for blanks and backslashes, as in "\040".
    private static func unescaped(_ field: Substring) -> String {
      var parts = field.split(separator: "\\", omittingEmptySubsequences: false)
      let first = parts.removeFirst()
      let bytes = parts.reduce(into: Array(first.utf8)) { bytes, part in
        guard let code = UInt8(part.prefix(3), radix: 8), part.count >= 3 else { return bytes += "\\\(part)".utf8 }
        bytes += [code] + part.dropFirst(3).utf8
      }
      return String(pathBytes: bytes)
    }
  }

  /// A group as the files in its folder tell of it.
  private struct Group {
    let version: Version
    let folder: String

    /// Nil if it has none.
    var quota: Double? {
      switch version {
      case .one: return Self.quota(words("cpu.cfs_quota_us").first, per: words("cpu.cfs_period_us").first)
      case .two:
        let limit = words("cpu.max")
        return Self.quota(limit.first, per: limit.dropFirst().first)
      }
    }

    /// Nil if it has no limit. Version 1 writes one of nearly 2⁶³ instead.
    var memoryLeft: Int? {
      let (limit, usage) =
        version == .one
        ? ("memory.limit_in_bytes", "memory.usage_in_bytes") : ("memory.max", "memory.current")
      guard let most = number(words(limit).first), most < 1 << 60, let used = number(words(usage).first) else {
        return nil
      }
      let counts = words("memory.stat")
      let cached = counts.firstIndex(of: "inactive_file").flatMap { number(counts.dropFirst($0 + 1).first) } ?? 0
      return max(0, most - max(0, used - cached))
    }

    private func words(_ file: String) -> [Substring] {
      SystemFile.text("\(folder)/\(file)")?.split(whereSeparator: \.isWhitespace) ?? []
    }

    private func number(_ word: Substring?) -> Int? { word.flatMap { Int($0) } }

    /// Microseconds of processor time per microseconds, as in 50000 per 100000. "max" and −1 mean no limit.
    private static func quota(_ time: Substring?, per period: Substring?) -> Double? {
      guard let time = time.flatMap({ Double($0) }), let period = period.flatMap({ Double($0) }) else { return nil }
      guard time > 0, period > 0, time.isFinite else { return nil }
      return time / period
    }
  }
}
