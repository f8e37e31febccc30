import Foundation
import GAN

/// What `gan bench` found, for people and for programs.
struct BenchReport {
  let recipe: any Recipe
  let shape: SampleShape
  let isGeneration: Bool
  let seed: UInt64
  /// The machine's load average before the benchmark began.
  let load: Double
  let benchmark: Benchmark
  let result: BenchmarkResult

  /// A reason to distrust the figures.
  var warning: String? {
    // Linux counts in hundredths of a second, which says little of a short time.
    guard result.coresOfOthers > 0.2, result.seconds.reduce(0, +) > 0.5 else { return nil }
    return
      "other programs kept \(fixed(result.coresOfOthers, 1)) cores busy during the measurement: repeat it without them"
  }

  // MARK: For people

  var text: String { ([headline] + tables).joined(separator: "\n\n") }

  private var headline: String {
    let milliseconds = result.seconds.map { $0 * 1000 }
    let spread = """
      \(fixed(milliseconds.min() ?? 0, 2)) to \(fixed(milliseconds.max() ?? 0, 2)), mean \
      \(fixed(result.meanSeconds * 1000, 2)), 95th percentile \(fixed(result.percentile95Seconds * 1000, 2))
      """
    let threads = Machine.threads == 1 ? "1 thread" : "\(Machine.threads) threads"
    return """
      \(name), \(isGeneration ? "generation" : training) of \(shape.sizeText)x\
      \(shape.channels), batch \(recipe.batch), \(recipe.precision.rawValue), \(threads)
      \(fixed(result.medianSeconds * 1000, 2)) ms per \(isGeneration ? "batch" : "step"), median of \(benchmark.timed) \
      (\(spread)); \(fixed(result.imagesPerSecond, 0)) images per second
      peak memory \(fixed(Double(result.peakBytes) / 1e6, 0)) MB; first \(isGeneration ? "batch" : "step") finished \
      \(fixed(result.firstSeconds, 2)) s after process start; load average before \(fixed(load, 2))
      """
  }

  /// With the network, if the recipe is not called by it.
  private var name: String {
    guard let recipe = recipe as? AdversarialRecipe, recipe.name != recipe.network.rawValue else { return recipe.name }
    return "\(recipe.name) (\(recipe.network.rawValue), base width \(recipe.baseWidth))"
  }

  /// Of the adversarial game, with the order in which the players are updated.
  private var training: String { update.map { "\($0.rawValue) training" } ?? "training" }
  private var update: UpdateRule? { (recipe as? AdversarialRecipe)?.update }

  private var tables: [String] { [partTable, operationTable].compactMap { $0 } }

  private var partTable: String? {
    guard !result.partSeconds.isEmpty else { return nil }
    let rows = result.partSeconds.map { Row($0.part.name, $0.seconds, of: result.medianSeconds) }
    return Row.table("part of a step, median", rows)
  }

  private var operationTable: String? {
    guard benchmark.profiled > 0 else { return nil }
    let total = result.profiledSeconds
    var rows = result.operations.prefix(20).map { Row($0.name, $0.seconds, of: total, calls: $0.calls) }
    let rest = result.operations.dropFirst(20)
    if !rest.isEmpty {
      let (seconds, calls) = (rest.map(\.seconds).reduce(0, +), rest.map(\.calls).reduce(0, +))
      rows.append(Row("\(rest.count) others", seconds, of: total, calls: calls))
    }
    rows.append(Row("outside operators", secondsOutside, of: total))
    rows.append(Row("a profiled \(isGeneration ? "batch" : "step")", total, of: total))
    return Row.table("operator, mean", rows.map { $0.divided(by: benchmark.profiled) }, hasCalls: true)
  }

  private var secondsOutside: Double { result.profiledSeconds - result.operations.map(\.seconds).reduce(0, +) }

  // MARK: For programs

  var json: String {
    var object = JSONObject()
    object.add("recipe", recipe.name)
    object.add("measured", isGeneration ? "generation" : "training")
    object.add("batch", recipe.batch)
    object.add("precision", recipe.precision.rawValue)
    if !isGeneration, let update { object.add("update", update.rawValue) }
    object.add("threads", Machine.threads)
    object.add("milliseconds_per_step", result.medianSeconds * 1000)
    object.add("milliseconds_per_step_mean", result.meanSeconds * 1000)
    object.add("milliseconds_per_step_p95", result.percentile95Seconds * 1000)
    object.add("images_per_second", result.imagesPerSecond)
    object.add("peak_bytes", result.peakBytes)
    object.add("first_step_seconds", result.firstSeconds)
    object.add("milliseconds_least", (result.seconds.min() ?? 0) * 1000)
    object.add("milliseconds_most", (result.seconds.max() ?? 0) * 1000)
    object.add("steps", benchmark.timed)
    object.add("warm_up", benchmark.warmUp)
    object.add("width", shape.width)
    object.add("height", shape.height)
    object.add("channels", shape.channels)
    object.add("seed", seed)
    object.add("load_average", load)
    object.add("cores_of_others", result.coresOfOthers)
    object.add("version", SwiftGAN.version)
    object.add("libtorch", Machine.libtorchVersion)
    object.add("cpu", Machine.cpuCapability)
    object.add("settings", settings)
    object.add("parts", result.partSeconds.map { Self.object($0.part.name, $0.seconds) })
    if benchmark.profiled > 0 {
      let times = Double(benchmark.profiled)
      object.add("milliseconds_per_profiled_step", result.profiledSeconds / times * 1000)
      object.add(
        "operations",
        result.operations.map {
          var operation = Self.object($0.name, $0.seconds / times)
          operation.add("calls", Double($0.calls) / times)
          return operation
        })
    }
    return object.line
  }

  /// Every setting of the recipe, as `recipe.json` has it.
  private var settings: JSONObject { Self.settings(of: recipe) }

  private static func settings<R: Recipe>(of recipe: R) -> JSONObject {
    var object = JSONObject()
    for setting in R.settings {
      switch SettingValue(setting.text(recipe)) {
      case .truth(let truth): object.add(setting.key, truth)
      case .whole(let whole): object.add(setting.key, whole)
      case .number(let number): object.add(setting.key, number)
      case .word(let word): object.add(setting.key, word)
      }
    }
    return object
  }

  private static func object(_ name: String, _ seconds: Double) -> JSONObject {
    var object = JSONObject()
    object.add("name", name)
    object.add("milliseconds", seconds * 1000)
    return object
  }
}

/// A line of a table of times.
private struct Row {
  let name: String
  let seconds: Double
  let share: Double
  let calls: Double?

  init(_ name: String, _ seconds: Double, of whole: Double, calls: Int? = nil) {
    self.init(name: name, seconds: seconds, share: seconds / whole, calls: calls.map { Double($0) })
  }

  private init(name: String, seconds: Double, share: Double, calls: Double?) {
    (self.name, self.seconds, self.share, self.calls) = (name, seconds, share, calls)
  }

  func divided(by times: Int) -> Row {
    Row(name: name, seconds: seconds / Double(times), share: share, calls: calls.map { $0 / Double(times) })
  }

  static func table(_ title: String, _ rows: [Row], hasCalls: Bool = false) -> String {
    let width = max(28, rows.map(\.name.count).max() ?? 0, title.count)
    func line(_ name: String, _ milliseconds: String, _ share: String, _ calls: String) -> String {
      let left = name + String(repeating: " ", count: width - name.count)
      return left + ([milliseconds, share] + (hasCalls ? [calls] : [])).map { right($0, 10) }.joined()
    }
    let body = rows.map { row in
      line(
        row.name, fixed(row.seconds * 1000, 3), fixed(row.share * 100, 1) + " %", row.calls.map { fixed($0, 1) } ?? "")
    }
    return ([line(title, "ms", "share", "calls")] + body).joined(separator: "\n")
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}

/// A number with `digits` decimals.
func fixed(_ number: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", number) }
