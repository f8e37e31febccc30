import Foundation
import GAN
import TestFixtures
import Testing

@Suite(.serialized) struct BenchmarkTests {
  private static let shape = SampleShape(channels: 1, height: 12, width: 12)

  /// Work that does next to nothing, and remembers for which number.
  private final class Counted: Benchmarked {
    let images = 7
    let clock = StepClock()
    var numbers: [Int] = []

    func callAsFunction(_ number: Int) throws {
      numbers.append(number)
      clock.lap(.moves)
      _ = Tensor.ones([2]) + Tensor.ones([2])
    }
  }

  private func benchmark(warmUp: Int, timed: Int, profiled: Int) -> Benchmark {
    var benchmark = Benchmark()
    (benchmark.warmUp, benchmark.timed, benchmark.profiled) = (warmUp, timed, profiled)
    return benchmark
  }

  @Test func theStagesFollowEachOther() throws {
    let work = Counted()
    var told: [String] = []
    let result = try benchmark(warmUp: 2, timed: 3, profiled: 4)(work) { told.append("\($0) \($1)/\($2)") }
    #expect(work.numbers == Array(0..<9))
    #expect(
      told == ["warmUp 1/2", "warmUp 2/2", "timed 1/3", "timed 2/3", "timed 3/3"]
        + (1...4).map { "profiled \($0)/4" })
    #expect(result.seconds.count == 3)
    #expect(result.imagesPerSecond == 7 / result.medianSeconds)
    #expect(result.operations.first { $0.name == "aten::add" }?.calls == 4)
    #expect(result.partSeconds.map(\.part) == [.moves])
  }

  @Test func nothingIsProfiledUnlessAsked() throws {
    let result = try benchmark(warmUp: 0, timed: 1, profiled: 0)(Counted()) { _, _, _ in }
    #expect(result.operations.isEmpty && result.profiledSeconds == 0)
    #expect(result.firstSeconds > 0)
  }

  @Test(arguments: [([3], 3), ([5, 1, 3], 3), ([4, 1, 2, 100], 3)] as [([Double], Double)])
  func theMedianIsTheMiddle(values: [Double], middle: Double) {
    #expect(median(values) == middle)
  }

  /// NumPy's `quantile` gives the same.
  @Test(arguments: [(0, 1), (0.25, 1.75), (0.95, 85.6), (1, 100)] as [(Double, Double)])
  func quantilesLieBetweenNeighbours(share: Double, value: Double) {
    #expect(abs(quantile([4, 1, 2, 100], share) - value) < 1e-12)
    #expect(quantile([3], share) == 3)
  }

  @Test func aQuotaShowsInMeanAndPercentileAlone() throws {
    /// Nine of ten are quick.
    final class Throttled: Benchmarked {
      let images = 1
      let clock = StepClock()
      func callAsFunction(_ number: Int) throws { if number % 10 == 9 { usleep(20_000) } }
    }
    let result = try benchmark(warmUp: 0, timed: 20, profiled: 0)(Throttled()) { _, _, _ in }
    #expect(result.medianSeconds < 0.002 && result.meanSeconds > 0.002 && result.percentile95Seconds > 0.015)
  }

  @Test(arguments: UpdateRule.allCases.map(\.rawValue))
  func thePartsOfAStepAddUpToNoMoreThanTheStep(update: String) throws {
    let recipe = try tinyRecipe(.mlp, ["update=\(update)"])
    let work = try BenchmarkedTraining(recipe, shape: Self.shape, seed: 1)
    work.clock.restart()
    let began = ContinuousClock.now
    try work(0)
    let whole = (ContinuousClock.now - began) / .seconds(1)
    let parts = work.clock.parts.map { (part: $0, seconds: work.clock.seconds($0)) }.filter { $0.seconds > 0 }
    #expect(parts.map(\.seconds).reduce(0, +) <= whole)
    // Whatever the rule, real images are taken, both networks run, gradients flow and both players move.
    for part: StepPart in [.realImages, .generatorForward, .discriminatorForward, .losses, .moves, .average] {
      #expect(parts.contains { $0.part == part }, "\(part)")
    }
    #expect(work.images == 8)
  }

  @Test func aProfileOfAStepAddsUpToNoMoreThanTheStep() throws {
    let work = try BenchmarkedTraining(try tinyRecipe(.dcganKeras, ["dropout=0.3"]), shape: Self.shape, seed: 1)
    let result = try benchmark(warmUp: 1, timed: 1, profiled: 2)(work) { _, _, _ in }
    #expect(result.operations.map(\.seconds).reduce(0, +) <= result.profiledSeconds)
    #expect(result.operations.contains { $0.name.hasPrefix("gan::") })
    #expect(result.operations.contains { $0.name == "aten::convolution_backward" || $0.name.hasPrefix("gan::conv") })
  }

  /// The clock looks on: the same steps lead to the same game.
  @Test func theClockChangesNothing() throws {
    let recipe = try tinyRecipe(.mlp)
    let data = try Dataset.noise(shape: Self.shape, count: 40)
    let games = try [nil, StepClock()].map { clock in
      let game = try AdversarialGame(recipe, shape: Self.shape, seed: 1)
      let loader = try BatchLoader(data, batchSize: recipe.batch, seed: 1)
      let step = TrainingStep(game, game.recipe.training, seed: 1, clock: clock) {
        labelled(Batch(try loader.next())[.images])
      }
      for number in 0..<3 { _ = try step(number, attempt: 0) }
      return game.bits
    }
    expectEqual(games[0], games[1])
  }

  @Test func generationMakesBatches() throws {
    let work = try BenchmarkedGeneration(try tinyRecipe(.mlp), shape: Self.shape, seed: 1)
    let result = try benchmark(warmUp: 0, timed: 2, profiled: 1)(work) { _, _, _ in }
    #expect(result.images == 8 && result.partSeconds.isEmpty)
    #expect(result.operations.first { $0.name == "gan::normal_rows_" }?.calls == 1)
    #expect(!result.operations.contains { $0.name.hasPrefix("autograd::") })
  }

  /// Batch norm's rule for the batch of a step does not hold for generation.
  @Test func anyGeneratorMakesOnePicture() throws {
    var recipe = try tinyRecipe(.dcganKeras)
    recipe.batch = 1
    #expect(throws: TrainingError.self) { try recipe.validate() }
    let work = try BenchmarkedGeneration(recipe, shape: Self.shape, seed: 1)
    #expect(try benchmark(warmUp: 0, timed: 1, profiled: 0)(work) { _, _, _ in }.images == 1)
  }

  @Test func aBatchThatFillsTheMemoryIsRefused() throws {
    var recipe = try tinyRecipe(.mlp)
    recipe.batch = 1_000_000
    let said = sentence {
      _ = try BenchmarkedTraining(recipe, shape: SampleShape(channels: 3, height: 512, width: 512), seed: 1)
    }
    #expect(said?.contains("a batch of 1000000 pictures of 3x512x512 takes too much") == true, "\(said ?? "")")
  }

  @Test func theProcessKnowsItsAgeAndItsSize() throws {
    let age = try ThisProcess.age()
    usleep(30_000)
    let later = try ThisProcess.age()
    #expect(age >= 0 && later - age >= 0.03)
    // Since the machine booted, say, would be wrong: the process is younger than that.
    #expect(later < Foundation.ProcessInfo.processInfo.systemUptime)
    let peak = try ThisProcess.peakBytes()
    let block = [UInt8](repeating: 1, count: 200_000_000)
    #expect(block[peak % block.count] == 1)
    #expect(try ThisProcess.peakBytes() >= max(200_000_000, residentBytes()))
  }
}

@Suite struct SampledPrecisionTests {
  @Test func bfloat16PicturesAreThoseOfFloat32ToRounding() throws {
    let generator = try NetworkDescription(
      .mlp, latentSize: 8, shape: SampleShape(channels: 1, height: 12, width: 12), baseWidth: 4
    ).makeGenerator(random: RandomGenerator(seed: 1))
    let (wide, narrow) = (
      try Sampler(generator, seed: 5).pictures(20), try Sampler(generator, seed: 5, precision: .bfloat16).pictures(20)
    )
    let farthest = zip(wide.pixels, narrow.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
    #expect((1...6).contains(farthest))
  }
}
