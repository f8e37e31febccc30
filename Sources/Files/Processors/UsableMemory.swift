import Glibc

/// How much more memory this process can take before something has to give way.
public enum UsableMemory {
  /// The least of what the machine has left without swapping, what the process's control groups leave it, and what
  /// its address space may still grow by (`ulimit -v`), in bytes.
  ///
  /// - Parameter root: the folder in which `proc` and `sys` lie.
  public static func bytes(root: String = "") -> Int {
    var bytes = kibibytes("MemAvailable:", in: root + "/proc/meminfo") ?? .max
    if let left = ControlGroups.memoryLeft(root: root) { bytes = min(bytes, left) }
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, let most = Int(exactly: limit.rlim_cur),
      let used = kibibytes("VmSize:", in: root + "/proc/self/status")
    {
      bytes = min(bytes, max(0, most - used))
    }
    return bytes
  }

  /// The number of a line such as "MemAvailable:   16384 kB", in bytes.
  private static func kibibytes(_ name: String, in file: String) -> Int? {
    let line = SystemFile.text(file)?.split(separator: "\n").first { $0.hasPrefix(name) }
    guard let words = line?.split(whereSeparator: \.isWhitespace), words.count == 3 else { return nil }
    return Int(words[1]).map { $0 * 1024 }
  }
}
