/// The generators that the authors of pix2pix, CycleGAN and CUT publish: tensors without a word about their network, which
/// follows from names and shapes alone. Their pictures have values in [-1, 1].
struct PublishedTranslator {
  private let shapes: [String: [Int]]
  /// What the file calls the tensor, by the authors' name: saved while the network was spread over several devices,
  /// names begin with "module.".
  private let stored: [String: String]

  /// A look at the tensors of a file.
  ///
  /// - Throws: ``TrainingError`` when two tensors have the same name but for "module.".
  init(_ entries: [SafetensorsFile.Entry]) throws(TrainingError) {
    var (shapes, stored): ([String: [Int]], [String: String]) = ([:], [:])
    for entry in entries {
      let name = entry.name.hasPrefix("module.") ? String(entry.name.dropFirst(7)) : entry.name
      if stored[name] != nil { throw TrainingError("it has both '\(name)' and 'module.\(name)'; one of them is right") }
      (shapes[name], stored[name]) = (entry.shape, entry.name)
    }
    (self.shapes, self.stored) = (shapes, stored)
  }

  /// The translator; `nil` for tensors of other networks.
  ///
  /// - Throws: ``TrainingError`` when the tensors are nearly those of a translator, or those of what is trained beside one.
  func recognised() throws(TrainingError) -> ForeignFile? {
    if shapes["model.model.0.weight"] != nil { return try unet() }
    if let first = firstBlock { return try cycleGAN(from: first) }
    let beside: [(name: String, kernel: [Int], network: String)] = [
      ("model.0.weight", [4, 4], "a PatchGAN discriminator, as in latest_net_D"),
      ("net.0.weight", [1, 1], "a PixelGAN discriminator, as in latest_net_D"),
      ("mlp_0.0.weight", [], "CUT's projection head, as in latest_net_F"),
    ]
    for (name, kernel, network) in beside where shapes[name].map({ Array($0.dropFirst(2)) }) == kernel {
      throw TrainingError("its tensor \(name) is that of \(network); what translates is the generator, latest_net_G")
    }
    return nil
  }

  // Each block but the innermost has the next as its part 3, behind its convolution and its norm.
  private func unet() throws(TrainingError) -> ForeignFile {
    let (inputs, width) = try convolution("model.model.0.weight", kernel: 4)
    let (_, outputs) = try convolution("model.model.3.weight", kernel: 4, isTransposed: true)
    var (depth, block) = (1, "model.model.1.model")
    while shapes["\(block).1.weight"] != nil { (depth, block) = (depth + 1, "\(block).3.model") }
    guard (2...10).contains(depth) else {
      throw TrainingError("its U-Net halves the sides of pictures \(depth) times, not 2 to 10 times")
    }
    // Dropout leaves no trace in the names; the authors' published files have it, and their test script leaves it on.
    let description = TranslatorDescription(
      .unet(depth: depth), baseWidth: width, norm: norm(bias: "model.model.0.bias"), dropout: 0.5,
      inference: .asInTraining)
    return file(description, inputs: inputs, outputs: outputs, side: 1 << depth)
  }

  /// The place of the first residual block.
  private var firstBlock: Int? {
    [10, 12].first { shapes["model.\($0).conv_block.1.weight"] != nil }
  }

  private func cycleGAN(from first: Int) throws(TrainingError) -> ForeignFile {
    var end = first
    while shapes["model.\(end).conv_block.1.weight"] != nil { end += 1 }
    guard end - first <= 64 else { throw TrainingError("it has \(end - first) residual blocks, not 1 to 64") }
    // Behind them, each doubling of the sides takes three places, or four with its blur; then the maps are padded.
    let sampling: MapSampling = first == 10 ? .strided : .antialiased
    let last = end + (sampling == .strided ? 7 : 9)
    let (inputs, width) = try convolution("model.1.weight", kernel: 7)
    let (_, outputs) = try convolution("model.\(last).weight", kernel: 7)
    let description = TranslatorDescription(
      .cycleGAN(blocks: end - first, sampling: sampling), baseWidth: width, norm: norm(bias: "model.1.bias"),
      dropout: shapes["model.\(first).conv_block.5.weight"] == nil ? 0.5 : 0, inference: .asInTraining)
    // It takes any size; this is the one that the authors trained at.
    return file(description, inputs: inputs, outputs: outputs, side: 256)
  }

  /// The norm: batch norm has weights beside its running statistics; instance norm has none, and a bias before it.
  private func norm(bias: String) -> MapNorm {
    let means = shapes.keys.filter { $0.hasSuffix(".running_mean") }
    if means.contains(where: { shapes["\($0.dropLast("running_mean".count))weight"] != nil }) { return .batch }
    return shapes[bias] == nil ? .none : .instance
  }

  /// The channels that a convolution takes and makes, by the shape of its weight.
  private func convolution(
    _ name: String, kernel: Int, isTransposed: Bool = false
  ) throws(TrainingError) -> (inputs: Int, outputs: Int) {
    let wanted = isTransposed ? "[inputs, outputs, \(kernel), \(kernel)]" : "[outputs, inputs, \(kernel), \(kernel)]"
    guard let shape = shapes[name] else { throw TrainingError("its tensor \(name) \(wanted) is missing") }
    guard shape.count == 4, shape[2...] == [kernel, kernel], shape.allSatisfy((1...65_536).contains) else {
      throw TrainingError("its tensor \(name) has shape \(shape), expected \(wanted)")
    }
    return isTransposed ? (shape[0], shape[1]) : (shape[1], shape[0])
  }

  private func file(_ description: TranslatorDescription, inputs: Int, outputs: Int, side: Int) -> ForeignFile {
    func format(_ channels: Int) -> ColumnFormat {
      .pictures(SampleShape(channels: channels, height: side, width: side))
    }
    // Files of PyTorch before 0.4 have running statistics of instance norm too, which the authors' code drops.
    let unused = ["running_mean", "running_var", "num_batches_tracked"]
    let used = stored.filter { name, _ in
      description.norm == .batch || !unused.contains(String(name.split(separator: ".").last ?? ""))
    }
    return ForeignFile(Translator.blueprint(description, from: format(inputs), to: format(outputs)), tensors: used)
  }
}

extension Registry {
  /// The registry with the networks of image translation, in files of this package and of their authors.
  func addingTranslators() -> Registry {
    TranslatorDescription.Name.allCases.reduce(self) { registry, name in
      registry.adding(
        name.rawValue, leastElements: { try Translator.leastElements($0) }, { try Translator($0) })
    }
    .recognising { try PublishedTranslator($0).recognised() }
  }
}
