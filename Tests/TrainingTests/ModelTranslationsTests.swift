import Datasets
import Metrics
import NN
import Samples
import Testing
import Torch
import Training

@Suite struct ModelTranslationsTests {
  private static let shape = SampleShape(channels: 1, height: 4, width: 5)

  /// Multiplies pictures by a number; the way back divides by it, but for an error.
  private final class Product: Model {
    let state = StateDict(random: RandomGenerator(seed: 1))
    let factor: Double
    let inverse: (any Model)?

    init(_ factor: Double, inverse: (any Model)? = nil) { (self.factor, self.inverse) = (factor, inverse) }

    var blueprint: Blueprint {
      let format = ColumnFormat.pictures(ModelTranslationsTests.shape)
      return Blueprint(
        "product", inputs: [.data(ColumnDescription("images", format))], output: ColumnDescription("target", format))
    }

    func callAsFunction(_ input: Batch, _ pass: Pass) -> Batch {
      var output = Batch(count: input.count)
      output["target"] = input["images"].map { $0 * factor }
      return output
    }
  }

  private func data(_ names: String..., counterpart: Dataset? = nil) throws -> Dataset {
    let bytes = (0..<(20 * 20)).map { UInt8($0 % 200) }
    return try Dataset(
      name: "ramps",
      columns: names.map { name in
        .pictures(bytes, Self.shape, name: name)
      }, counterpart: counterpart)
  }

  @Test func sourcesTargetsAndTheWayBackComeAlong() throws {
    let model = Product(0.5, inverse: Product(2.02))
    let data = try data("images", "target")
    #expect(model.knownOfSamples(of: data) == [.sources, .targets, .reconstructions])
    var (rows, first) = (0, Tensor.undefined)
    let samples = try model.judgedSamples(18, seed: 1, of: data, heldOut: nil)
    let derived = try #require(samples as? any DerivedSampleStream)
    try derived.forEachDerived { batch in
      let sources = try #require(batch.sources)
      if rows == 0 { first = sources[0] }
      #expect((batch.samples - sources * 0.5).abs().max().item < 0.005)
      #expect(batch.targets?.isIdentical(to: sources) == true)
      // Rounded to the levels of a file, as the samples are; what lies beyond them is cut off.
      let back = try #require(batch.reconstructions)
      #expect((back - (batch.samples * 2.02).clamped(-1, 1)).abs().max().item < 0.005)
      rows += batch.samples.size(0)
    }
    #expect(rows == 18)
    #expect(try first.isIdentical(to: data.samples(0..<1)[0]))
  }

  @Test func translationsIntoACollectionHaveNoTargets() throws {
    let collection = try data("images")
    let data = try data("images", counterpart: collection)
    #expect(Product(0.5).knownOfSamples(of: data) == .sources)
    let samples = try Product(0.5).judgedSamples(100, seed: 1, of: data, heldOut: nil)
    let evaluator = try Evaluator(
      Product(0.5).blueprint.reference(in: data), isTraining: true, known: Product(0.5).knownOfSamples(of: data))
    #expect(evaluator.metrics.prefix(2) == [.kid, .fid] && samples.count == 20)
    let evaluation = try evaluator(samples)
    #expect(evaluation.records.first?.metric == "kid" && evaluation.worst == nil)
  }
}
