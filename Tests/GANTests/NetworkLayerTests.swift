import GAN
import TestFixtures
import Testing

/// The cases of a file that store the outputs of layers.
private func layered(_ file: String) throws -> [String] {
  let all = try fixture(file)
  let names = try all.cases().filter { name in try all[name].tensorNames.contains { $0.hasPrefix("layer/") } }
  return try #require(names.isEmpty ? nil : names, "no case of \(file) has layers")
}

/// Every layer alone, from what the original gave the layer before it: a fault shows where it is.
@Suite struct NetworkLayerTests {
  private let training = Pass.training(RandomStream(seed: 1))

  /// The layers of `expected` whose outputs are stored under `prefix`, each against what `layers` makes of stored inputs.
  private func hold(
    _ expected: Fixture.Case, _ prefix: String, _ layers: [(name: String, output: () throws -> Tensor)]
  ) throws {
    #expect(Set(try expected.tensors(under: prefix).keys) == Set(layers.map(\.name)))
    for (name, output) in layers {
      #expect(try output().deviation(from: try expected["\(prefix)/\(name)"]) < 1e-13, "\(prefix)/\(name)")
    }
  }

  @Test(arguments: try layered("mlp")) func mlp(name: String) throws {
    let expected = try fixture("mlp")[name]
    let pair = try Pair(.mlp, expected)
    let g = try #require(pair.generator as? MLPGenerator)
    let d = try #require(pair.discriminator as? MLPDiscriminator)
    func after(_ player: String, _ layer: String) throws -> Tensor { try expected["layer/\(player)/\(layer)"] }
    try hold(
      expected, "layer/generator",
      [
        ("fc1", { g.fc1(try expected["latents"]) }), ("fc2", { g.fc2(try after("generator", "fc1").relu()) }),
        ("fc3", { g.fc3(try after("generator", "fc2").relu()) }),
        ("fc4", { g.fc4(try after("generator", "fc3").relu()) }),
      ])
    try hold(
      expected, "layer/discriminator",
      [
        ("fc1", { d.fc1.layer(try expected["images"].flattened()) }),
        ("fc2", { d.fc2.layer(try after("discriminator", "fc1").leakyReLU(0.2)) }),
        ("fc3", { d.fc3.layer(try after("discriminator", "fc2").leakyReLU(0.2)) }),
        ("fc4", { d.fc4.layer(try after("discriminator", "fc3").leakyReLU(0.2)) }),
      ])
  }

  @Test(arguments: try layered("dcgan")) func dcgan(name: String) throws {
    let expected = try fixture("dcgan")[name]
    let pair = try Pair(.dcgan, expected)
    let g = try #require(pair.generator as? DCGANGenerator)
    let d = try #require(pair.discriminator as? DCGANDiscriminator)
    func after(_ player: String, _ layer: String) throws -> Tensor { try expected["layer/\(player)/\(layer)"] }
    var layers: [(name: String, output: () throws -> Tensor)] = [
      ("project", { g.project(try expected["latents"].reshaped(-1, g.latentSize, 1, 1)) }),
      ("norm0", { g.norms[0](try after("generator", "project"), training) }),
    ]
    for level in g.ups.indices {
      layers.append(("up\(level + 1)", { g.ups[level](try after("generator", "norm\(level)").relu()) }))
      layers.append(("norm\(level + 1)", { g.norms[level + 1](try after("generator", "up\(level + 1)"), training) }))
    }
    layers.append(("image", { g.image(try after("generator", "norm\(g.ups.count)").relu()) }))
    try hold(expected, "layer/generator", layers)

    layers = [("down1", { d.downs[0].layer(try expected["images"]) })]
    for level in d.downs.indices.dropFirst() {
      let before = level == 1 ? "down1" : "norm\(level)"
      layers.append(("down\(level + 1)", { d.downs[level].layer(try after("discriminator", before).leakyReLU(0.2)) }))
      layers.append(
        ("norm\(level + 1)", { d.norms[level - 1](try after("discriminator", "down\(level + 1)"), training) }))
    }
    layers.append(("score", { d.score.layer(try after("discriminator", "norm\(d.downs.count)").leakyReLU(0.2)) }))
    // The original stores the score's map before it is flattened.
    try hold(expected, "layer/discriminator", layers)
  }

  @Test(arguments: try layered("dcgan_keras"), ["layer", "inference/layer"])
  func dcganAsKeras(name: String, stage: String) throws {
    let expected = try fixture("dcgan_keras")[name]
    let pair = try Pair(.dcganKeras, expected)
    let g = try #require(pair.generator as? KerasDCGANGenerator)
    let d = try #require(pair.discriminator as? KerasDCGANDiscriminator)
    let pass = stage == "layer" ? training : .inference
    func active(_ layer: String) throws -> Tensor { try expected["\(stage)/generator/\(layer)"].leakyReLU(0.3) }
    func plain(_ layer: String) throws -> Tensor { try expected["\(stage)/generator/\(layer)"] }
    try hold(
      expected, "\(stage)/generator",
      [
        ("project", { g.project(try expected["latents"]) }), ("norm0", { g.norm0(try plain("project"), pass) }),
        ("up1", { g.up1(try active("norm0").reshaped(-1, 7, 7, g.up1.weight.size(0)).permuted(0, 3, 1, 2)) }),
        ("norm1", { g.norm1(try plain("up1"), pass) }), ("up2", { g.up2(try active("norm1")) }),
        ("norm2", { g.norm2(try plain("up2"), pass) }), ("image", { g.image(try active("norm2")) }),
      ])
    guard stage == "layer" else { return }
    try hold(
      expected, "layer/discriminator",
      [
        ("down1", { d.down1(try expected["images"]) }),
        ("down2", { d.down2(try expected["layer/discriminator/down1"].leakyReLU(0.3)) }),
        ("score", { d.score(try flat(expected["layer/discriminator/down2"].leakyReLU(0.3))) }),
      ])
  }

  /// `[N, C, H, W]` as `[N, H · W · C]`, Keras' order.
  private func flat(_ maps: Tensor) -> Tensor { maps.permuted(0, 2, 3, 1).flattened() }
}
