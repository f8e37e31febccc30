/// Something whose speed is measured by running it repeatedly.
package protocol Benchmarked {
  /// Pictures per iteration.
  var images: Int { get }
  /// Measures the parts of an iteration.
  var clock: StepClock { get }

  /// Runs iteration `number`, from 0.
  func callAsFunction(_ number: Int) throws
}

/// How something is measured: first not at all, while it warms up; then by the clock alone; and only then under the
/// profiler, which slows what it measures.
package struct Benchmark {
  /// The present stage.
  package enum Stage: String {
    case warmUp = "warming up"
    case timed = "timing"
    case profiled = "profiling"
  }

  /// Iterations before the measurement.
  package var warmUp = 5
  /// Timed iterations.
  package var timed = 30
  /// Profiled iterations.
  package var profiled = 10

  /// A benchmark of 5, 30 and 10 iterations.
  package init() {}

  /// Measures `work`.
  ///
  /// - Parameter progress: told the stage, and how many of its times are done of how many, after each.
  /// - Throws: what `work` throws, and ``TrainingError`` where the system tells nothing of processes.
  package func callAsFunction(_ work: any Benchmarked, _ progress: (Stage, Int, Int) -> Void) throws
    -> BenchmarkResult
  {
    precondition(timed > 0, "a benchmark is timed once or more; \(timed) times were asked for")
    var result = BenchmarkResult(images: work.images, profiledTimes: profiled)
    var number = 0
    /// Does it `times` times and returns the seconds of each.
    func seconds(_ stage: Stage, _ times: Int) throws -> [Double] {
      try (0..<times).map { time in
        work.clock.restart()
        let began = ContinuousClock.now
        try work(number)
        let taken = (ContinuousClock.now - began) / .seconds(1)
        if number == 0 { result.firstSeconds = try ThisProcess.age() }
        if stage == .timed { result.add(work.clock) }
        number += 1
        progress(stage, time + 1, times)
        return taken
      }
    }
    _ = try seconds(.warmUp, warmUp)
    let before = try ThisProcess.secondsOfOthers()
    result.seconds = try seconds(.timed, timed)
    let others = try ThisProcess.secondsOfOthers() - before
    result.coresOfOthers = max(0, others / result.seconds.reduce(0, +))
    result.peakBytes = try ThisProcess.peakBytes()
    result.operations = try withOperationProfile {
      result.profiledSeconds = try seconds(.profiled, profiled).reduce(0, +)
    }
    return result
  }
}

/// What a ``Benchmark`` measured.
package struct BenchmarkResult {
  /// Pictures that each time dealt with.
  package let images: Int
  /// What each timed one took, in order.
  package fileprivate(set) var seconds: [Double] = []
  /// What their parts took, where there are parts.
  private var parts: [(part: StepPart, seconds: [Double])] = []
  /// From the beginning of this process to the end of the first time.
  package fileprivate(set) var firstSeconds = 0.0
  /// The most memory that the process had resident until it was profiled.
  package fileprivate(set) var peakBytes = 0
  /// The processor cores that other work on this machine kept busy on average while it was timed.
  package fileprivate(set) var coresOfOthers = 0.0
  /// How often it was profiled.
  package let profiledTimes: Int
  /// What that took in all.
  package fileprivate(set) var profiledSeconds = 0.0
  /// The operators of all profiled times together, the one that took longest first.
  package fileprivate(set) var operations: [OperationTime] = []

  fileprivate init(images: Int, profiledTimes: Int) { (self.images, self.profiledTimes) = (images, profiledTimes) }

  /// The median of the timed ones: one that was disturbed does not move it.
  package var medianSeconds: Double { median(seconds) }
  /// The mean of the timed ones, by which a run advances.
  package var meanSeconds: Double { seconds.reduce(0, +) / Double(seconds.count) }
  /// What 19 of 20 timed ones do not exceed. A quota of processor time shows here and in the mean, not in the median.
  package var percentile95Seconds: Double { quantile(seconds, 0.95) }
  /// Pictures a second at the median's pace.
  package var imagesPerSecond: Double { Double(images) / medianSeconds }

  /// The median time of each part, in the order of a step.
  package var partSeconds: [(part: StepPart, seconds: Double)] { parts.map { ($0.part, median($0.seconds)) } }

  fileprivate mutating func add(_ clock: StepClock) {
    for part in clock.parts {
      if let index = parts.firstIndex(where: { $0.part == part }) {
        parts[index].seconds.append(clock.seconds(part))
      } else {
        parts.append((part, [clock.seconds(part)]))
      }
    }
  }
}

/// The middle one of `values` by size, or the mean of the two in the middle.
package func median(_ values: [Double]) -> Double { quantile(values, 0.5) }

/// What a `share` in [0, 1] of `values` lies below; between two of them by a straight line, as NumPy has it (Hyndman and Fan 1996,
/// definition 7).
package func quantile(_ values: [Double], _ share: Double) -> Double {
  precondition(!values.isEmpty, "there is no quantile of no values")
  let sorted = values.sorted()
  let place = share * Double(sorted.count - 1)
  let below = Int(place)
  let above = min(below + 1, sorted.count - 1)
  return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
}
