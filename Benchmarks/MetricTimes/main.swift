import CommandLineKit
import Foundation
import GAN

MetricTimes.main()

/// Times the metrics on features drawn at random, as many as papers take.
struct MetricTimes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metric-times", abstract: "Time the metrics on random features.",
    discussion: """
      Each is computed once after the one before, in one process: the memory is the most that the process has had by then. \
      Times of whole evaluations, extractor included, are what 'gan evaluate' prints.
      """)

  @Option(help: ArgumentHelp("Samples of the data and of the generator.", valueName: "N"))
  var count = 10_000
  @Option(
    help: ArgumentHelp("Features a sample, by default 128 (our classifier's) and 2,048 (Inception's).", valueName: "D"))
  var size: Int?
  @Option(help: ArgumentHelp("Processor threads, by default all.", valueName: "N"))
  var threads: Int?

  mutating func run() throws {
    if let threads { Machine.threads = threads }
    print(
      "\(count) samples, \(Machine.threads) threads\n\n| metric | features | seconds | peak MB |\n|---|--:|--:|--:|")
    for size in size.map({ [$0] }) ?? [128, 2048] { try measure(size) }
  }

  private func measure(_ size: Int) throws {
    let (real, fake) = (Tensor.normalRows(count: count, size: size, seed: 1), drawn(size))
    var gaussian = GaussianAccumulator()
    try time("fid: statistics of the samples", size) {
      gaussian = GaussianAccumulator()
      for start in stride(from: 0, to: count, by: 500) { try gaussian.add(fake[start..<min(start + 500, count)]) }
    }
    let statistics = try gaussian.statistics()
    var distance: FrechetDistance?
    try time("fid: root of the data's covariance, kept", size) { distance = try FrechetDistance(real: statistics) }
    try time("fid: value and deviation", size) { _ = try distance?.score(gaussian) }
    var manifold: Manifold?
    try time("precision, recall, density, coverage: the data's balls, kept", size) { manifold = try Manifold(real) }
    try time("precision, recall, density, coverage", size) { _ = try manifold?.scores(of: fake) }
    try time("kid", size) { _ = try KernelDistance(seed: 1)(real: real, fake: fake) }
    try time("swd", size) { _ = try SlicedWasserstein(seed: 1)(real: real, fake: fake) }
  }

  /// Features that lie a little beside the data's.
  private func drawn(_ size: Int) -> Tensor { Tensor.normalRows(count: count, size: size, seed: 2) * 0.9 + 0.05 }

  private func time(_ name: String, _ size: Int, _ work: () throws -> Void) throws {
    let began = ContinuousClock.now
    try work()
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    let megabytes = Double(try ThisProcess.peakBytes()) / 1e6
    print("| \(name) | \(size) | \(String(format: "%.2f", seconds)) | \(String(format: "%.0f", megabytes)) |")
  }
}
