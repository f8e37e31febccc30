import Files
import Foundation

/// What the system says of this process and of the machine it runs on.
package enum ThisProcess {
  /// Seconds since the system made this process, in steps of a hundredth.
  package static func age() throws(TrainingError) -> Double {
    // The name in field 2 may hold anything; after its closing parenthesis come fields 3 on. Field 22 is the beginning.
    let fields = try text("/proc/self/stat").split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 19, let ticks = Double(fields[19]) else {
      throw TrainingError("/proc/self/stat cannot be read")
    }
    var now = timespec()
    clock_gettime(CLOCK_BOOTTIME, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9 - ticks / ticksPerSecond
  }

  /// The most memory in bytes that this process has had resident, since it began or ``forgetPeak()`` was called.
  package static func peakBytes() throws(TrainingError) -> Int { try bytes("VmHWM", in: "/proc/self/status") }

  /// Lets ``peakBytes()`` count from here on; whether the system does (proc_pid_clear_refs(5)).
  static func forgetPeak() -> Bool {
    (try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .ascii)) != nil
  }

  /// How much memory in bytes this process may have resident: what it has, and what is left for it (`UsableMemory`); nil where the
  /// system does not say.
  package static func memoryWithinReach() -> Int? {
    let left = UsableMemory.bytes()
    guard left < .max, let own = try? bytes("VmRSS", in: "/proc/self/status") else { return nil }
    return own + left
  }

  private static func bytes(_ key: String, in path: String) throws(TrainingError) -> Int {
    let line = try text(path).split(separator: "\n").first { $0.hasPrefix(key + ":") }
    guard let words = line?.split(whereSeparator: \.isWhitespace), words.count == 3, let kibibytes = Int(words[1])
    else {
      throw TrainingError("\(path) names no \(key)")
    }
    return kibibytes * 1024
  }

  /// Processor seconds that other work on this machine has used since it began, and what its host took from it.
  static func secondsOfOthers() throws(TrainingError) -> Double {
    var own = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own)
    return try machineSeconds() - Double(own.tv_sec) - Double(own.tv_nsec) * 1e-9
  }

  private static func machineSeconds() throws(TrainingError) -> Double {
    let words = try text("/proc/stat").prefix { $0 != "\n" }.split(separator: " ").dropFirst().compactMap { Double($0) }
    guard words.count > 7 else { throw TrainingError("/proc/stat cannot be read") }
    // user, nice, system; idle and waiting left out; interrupts and what was stolen (proc_stat(5)).
    return (words[0] + words[1] + words[2] + words[5] + words[6] + words[7]) / ticksPerSecond
  }

  /// How many processes of the machine wanted to run, on an average over the last minute.
  package static func loadAverage() -> Double {
    var average = 0.0
    return getloadavg(&average, 1) == 1 ? average : .nan
  }

  private static var ticksPerSecond: Double { Double(sysconf(Int32(_SC_CLK_TCK))) }

  private static func text(_ path: String) throws(TrainingError) -> String {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw TrainingError("\(path) cannot be read: measuring needs Linux's /proc")
    }
    return text
  }
}
