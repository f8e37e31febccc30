import Files
import Glibc

/// How long the processors on which this process may run have been busy, and with what.
public struct ProcessorTimes: Sendable, Equatable {
  /// How many processors these are.
  public var processors: Int
  /// The seconds in which they worked, or were taken away by the host of a virtual machine; a sum over all of them.
  public var busy: Double
  /// The processor seconds that this process has used.
  public var own: Double

  /// Those values.
  public init(processors: Int, busy: Double, own: Double) {
    (self.processors, self.busy, self.own) = (processors, busy, own)
  }

  /// What the system says now; nil if it does not.
  public static func now() -> ProcessorTimes? {
    var own = timespec()
    guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own) == 0, let text = SystemFile.text("/proc/stat") else {
      return nil
    }
    return ProcessorTimes(
      stat: text, ticksPerSecond: Double(sysconf(Int32(_SC_CLK_TCK))), processors: Affinity.processors(),
      own: Double(own.tv_sec) + Double(own.tv_nsec) * 1e-9)
  }

  /// The times in `/proc/stat` (proc_stat(5)) of those processors; nil if it does not tell them of each.
  package init?(stat: String, ticksPerSecond: Double, processors: [Int], own: Double) {
    let names = Set(processors.map { "cpu\($0)" })
    let rows = stat.split(separator: "\n").map { $0.split(separator: " ") }.filter { row in
      row.count > 8 && names.contains(String(row[0]))
    }
    guard !rows.isEmpty, rows.count == names.count else { return nil }
    // user, nice and system, interrupts, and what was stolen; 4 and 5 are idle and waiting.
    let ticks = rows.flatMap { row in [1, 2, 3, 6, 7, 8].compactMap { Double(row[$0]) } }
    self.init(processors: rows.count, busy: ticks.reduce(0, +) / ticksPerSecond, own: own)
  }
}

/// How much of the processors other programs have taken lately.
struct OtherPrograms {
  /// Seconds over which it is averaged.
  private static let window = 5.0
  /// What is worth mentioning.
  private static let least = 0.5

  private var last: (time: Double, reading: ProcessorTimes)?
  /// How many processors they took in the last window.
  private(set) var cores = 0.0

  /// Takes a reading if one is due.
  mutating func observe(at time: Double, _ read: () -> ProcessorTimes?) {
    if let last, time - last.time < Self.window { return }
    let reading = read()
    cores = 0
    if let last, let reading {
      let others = (reading.busy - last.reading.busy) - (reading.own - last.reading.own)
      cores = max(0, others / (time - last.time))
    }
    last = reading.map { (time, $0) }
  }

  /// What to say of it: nothing if it is little, or if enough processors are left for so many threads.
  func notice(threads: Int) -> String? {
    guard let last, cores >= Self.least, Double(last.reading.processors) - cores < Double(threads) else { return nil }
    return "other programs take about \(Wording.fixed(cores, 1)) cores"
  }
}
