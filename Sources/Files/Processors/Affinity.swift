import Glibc

/// On which of the machine's logical processors this process may run.
public enum Affinity {
  /// The numbers of the processors in the affinity mask of the process's first thread, which has what a user sets
  /// (taskset(1)) and cpusets in it, in order: 1 or more.
  ///
  /// - Parameter root: the folder in which `proc` and `sys` lie.
  public static func processors(root: String = "") -> [Int] {
    let status = SystemFile.text(root + "/proc/self/status") ?? ""
    let name = "Cpus_allowed_list:"
    let mask =
      status.split(separator: "\n").first { $0.hasPrefix(name) }.map { numbers($0.dropFirst(name.count)) } ?? []
    let online = online(root: root)
    // Masks have bits for processors that are switched off or not there.
    let allowed = online.filter(Set(mask).contains)
    return allowed.isEmpty ? online : allowed
  }

  /// The numbers of all processors that are switched on, in order: 1 or more.
  public static func online(root: String = "") -> [Int] {
    let online = numbers(SystemFile.text(root + "/sys/devices/system/cpu/online") ?? "")
    return online.isEmpty ? Array(0..<max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) : online
  }

  /// The numbers of a list as the kernel writes it, such as "0-3,8,10-11", in order; what is no such range is left out.
  public static func numbers(_ list: some StringProtocol) -> [Int] {
    list.split { $0 == "," || $0.isWhitespace }.flatMap { range -> [Int] in
      let ends = range.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count <= 2, let first = ends[0], let last = ends[ends.count - 1], first <= last, last < 1 << 20
      else { return [] }
      return Array(first...last)
    }.sorted()
  }
}
