import GAN
import TestFixtures
import Testing

/// The networks of image translation against the code of their authors, at parameters that are hashes of their names
/// (`Tools/reference/make_original_fixtures.py`).
@Suite struct OriginalNetworkTests {
  private func doubles() -> StateDict { StateDict(random: RandomGenerator(seed: 1), dtype: .float64) }

  /// Gives every tensor but counts and blurs the value that the script gave it.
  private func fill(_ state: StateDict) {
    withoutGradient {
      for entry in state.entries where entry.tensor.dtype == .float64 && !entry.name.hasSuffix("filt") {
        let shape = entry.tensor.shape
        let draws = Tensor.hashed(entry.name, shape)
        if entry.name.hasSuffix("running_var") || entry.name.hasSuffix("weight") && shape.count == 1 {
          entry.tensor.copy(from: draws * 0.5 + 1)
        } else if shape.count == 1 {
          entry.tensor.copy(from: draws * 0.2)
        } else {
          entry.tensor.copy(from: draws * (3 / Double(shape.dropFirst().reduce(1, *))).squareRoot())
        }
      }
    }
  }

  private func agree(_ tensor: Tensor?, _ what: String, _ expected: Fixture.Case) throws {
    let tensor = try #require(tensor, "\(what)")
    // The bias before an instance norm has no gradient but rounding errors.
    let deviation = tensor.deviation(from: try expected[what], floor: what.hasPrefix("grad/") ? 0.1 : 1e-3)
    #expect(deviation < 1e-11, "\(what) of \(expected.name)")
  }

  /// The sum of all outputs times hashes of their places.
  private func loss(_ outputs: [Tensor]) -> Tensor {
    outputs.enumerated().map { ($1 * .hashed("grad_output\($0)", $1.shape)).sum() }
      .reduce(Tensor(0, dtype: .float64), +)
  }

  private func expectNames(_ state: StateDict, _ expected: Fixture.Case) throws {
    let names = try expected.text("names").split(separator: " ").map(String.init)
    #expect(state.entries.map(\.name).sorted() == names.sorted())
  }

  /// The rows of an output that the script kept: all of them, or those in the middle of a large one.
  private func kept(_ output: Tensor, _ expected: Fixture.Case) throws -> Tensor {
    guard expected.sets("rows") else { return output }
    return output.slice(2, from: output.size(2) / 2, count: try expected.whole("rows"))
  }

  /// Names, blurs, output, gradients of all parameters, and what a training pass leaves in the buffers.
  private func hold(_ state: StateDict, to expected: Fixture.Case, _ forward: (Images, Pass) -> Tensor) throws {
    try expectNames(state, expected)
    for name in expected.tensorNames where name.hasSuffix("filt") { try agree(state[name], name, expected) }
    fill(state)
    let input = Images(.hashed("input", try expected.numbers("shape").map { Int($0) }))
    let inference = withoutGradient { forward(input, .inference) }
    try agree(kept(inference, expected), expected.has("inference") ? "inference" : "output", expected)
    let hasDropout = expected.sets("dropout") ? try expected.number("dropout") > 0 : false
    let output = forward(input, hasDropout ? .inference : .training(RandomStream(seed: 1)))
    try agree(kept(output, expected), "output", expected)
    if !expected.sets("dropped") {
      let found = gradients(of: loss([output]), with: state.parameters)
      for (entry, gradient) in zip(state.entries.filter(\.isParameter), found) {
        try agree(gradient, "grad/\(entry.name)", expected)
      }
    }
    for name in hasDropout ? [] : Array(try expected.tensors(under: "after").keys) {
      try agree(state[name], "after/\(name)", expected)
    }
  }

  private func norm(_ expected: Fixture.Case) throws -> MapNorm {
    try #require(MapNorm(rawValue: expected.text("norm")))
  }

  private func sampling(_ expected: Fixture.Case) throws -> MapSampling {
    try #require(MapSampling(rawValue: expected.text("sampling")))
  }

  @Test(arguments: try fixture("original_generators").cases()) func residualGenerator(name: String) throws {
    let (expected, state) = (try fixture("original_generators")[name], doubles())
    let network = CycleGANGenerator(
      state, inputs: try expected.whole("inputs"), outputs: try expected.whole("outputs"),
      blocks: try expected.whole("blocks"), baseWidth: try expected.whole("base_width"), norm: try norm(expected),
      dropout: try expected.number("dropout"), sampling: try sampling(expected))
    try hold(state, to: expected) { network($0, $1).tensor }
  }

  @Test(arguments: try fixture("original_unets").cases()) func unet(name: String) throws {
    let (expected, state) = (try fixture("original_unets")[name], doubles())
    let network = try UNetGenerator(
      state, inputs: try expected.whole("inputs"), outputs: try expected.whole("outputs"),
      side: 1 << (try expected.whole("depth")), baseWidth: try expected.whole("base_width"), norm: try norm(expected),
      dropout: expected.sets("dropped") ? 1.nextDown : 0)
    try hold(state, to: expected) { network($0, $1).tensor }
  }

  @Test(arguments: try fixture("original_discriminators").cases("patch")) func patchDiscriminator(name: String) throws {
    let (expected, state) = (try fixture("original_discriminators")[name], doubles())
    let network = PatchDiscriminator(
      state, channels: try expected.whole("channels"), baseWidth: try expected.whole("base_width"),
      layers: try expected.whole("layers"), norm: try norm(expected), sampling: try sampling(expected))
    try hold(state, to: expected) { network($0, $1).tensor }
    let images = Tensor.hashed("input", try expected.numbers("shape").map { Int($0) })
    expectSame(images, ofImage: { network($0, .inference) }, ofPair: { network($0, $1, .inference) })
  }

  @Test(arguments: try fixture("original_discriminators").cases("pixel")) func pixelDiscriminator(name: String) throws {
    let (expected, state) = (try fixture("original_discriminators")[name], doubles())
    let network = PixelDiscriminator(
      state, channels: try expected.whole("channels"), baseWidth: try expected.whole("base_width"),
      norm: try norm(expected))
    try hold(state, to: expected) { network($0, $1).tensor }
    let images = Tensor.hashed("input", try expected.numbers("shape").map { Int($0) })
    expectSame(images, ofImage: { network($0, .inference) }, ofPair: { network($0, $1, .inference) })
  }

  /// A source and an image are scored as an image of their channels together.
  private func expectSame(
    _ images: Tensor, ofImage whole: (Images) -> Scores, ofPair pair: (Images, Images) -> Scores
  ) {
    let source = Images(images.slice(1, from: 0, count: 1))
    let rest = Images(images.slice(1, from: 1, count: images.size(1) - 1))
    withoutGradient {
      #expect(pair(source, rest).tensor.isIdentical(to: whole(Images(images)).tensor))
    }
  }

  /// CUT's head on the features of its generator, down to the generator's gradients.
  @Test func projectionOfFeatures() throws {
    let expected = try fixture("original_projection")["contrast"]
    let (inputs, layers) = (try expected.whole("inputs"), try expected.numbers("layers").map { Int($0) })
    let generator = CycleGANGenerator(
      doubles(), inputs: inputs, outputs: inputs, blocks: try expected.whole("blocks"),
      baseWidth: try expected.whole("base_width"), sampling: .antialiased)
    let head = PatchProjection(
      doubles(), channels: generator.featureChannels(at: layers), width: try expected.whole("width"))
    try expectNames(head.state, expected)
    fill(generator.state)
    fill(head.state)
    let input = Images(.hashed("input", try expected.numbers("shape").map { Int($0) }))
    let maps = generator.features(input, at: layers, .training(RandomStream(seed: 1)))
    for (index, map) in maps.enumerated() { try agree(map, "map\(index)", expected) }
    let projected = head(maps, at: try maps.indices.map { try expected["places\($0)"] })
    for (index, output) in projected.enumerated() { try agree(output, "projected\(index)", expected) }

    let known = try expected.tensors(under: "grad")
    var entries = head.state.entries.map { $0.renamed("head.\($0.name)") }
    entries += generator.state.entries.map { $0.renamed("generator.\($0.name)") }.filter { known[$0.name] != nil }
    #expect(entries.count == known.count)
    for (entry, gradient) in zip(entries, gradients(of: loss(projected), with: entries.map(\.tensor))) {
      try agree(gradient, "grad/\(entry.name)", expected)
    }
  }

  /// The authors' relu works in place: at the place of a norm stands what relu makes of it.
  @Test func featuresStandAtTheAuthorsPlaces() {
    let state = StateDict(random: RandomGenerator(seed: 2))
    let network = CycleGANGenerator(state, inputs: 3, outputs: 2, blocks: 1, baseWidth: 2)
    let source = Images(.hashed("source", [1, 3, 8, 12]).to(.float32))
    withoutGradient {
      let maps = network.features(source, at: [0, 1, 2, 3, 10, 11, 19], .inference)
      let sizes = [[3, 14, 18], [2, 8, 12], [2, 8, 12], [2, 8, 12], [8, 2, 3], [4, 4, 6], [2, 8, 12]]
      #expect(maps.map(\.shape) == sizes.map { [1] + $0 })
      #expect(network.featureChannels(at: [0, 1, 2, 3, 10, 11, 19]) == [3, 2, 2, 2, 8, 4, 2])
      #expect(maps[2].isIdentical(to: maps[3]) && maps[2].min().item == 0)
      #expect(maps[6].isIdentical(to: network(source, .inference).tensor))
    }
  }
}
