import GAN
import Testing

/// What inference of a translator computes by.
@Suite struct TranslatorInferenceTests {
  private func translator(_ inference: TranslatorDescription.Inference) throws -> Translator {
    let format = ColumnFormat.pictures(SampleShape(channels: 1, height: 64, width: 64))
    let description = TranslatorDescription(
      .unet(depth: 6), baseWidth: 2, norm: .batch, dropout: 0.5, inference: inference)
    return try Translator(StateDict(random: RandomGenerator(seed: 2)), description, from: format, to: format)
  }

  private func batch(_ count: Int) -> Batch {
    let pixels = RandomStream(seed: 5).uniform([count, 1, 64, 64], -1, 1)
    return Batch(count: count).with(.images, Images(pixels))
  }

  @Test func asInTrainingIsATrainingPassThatLeavesNoTrace() throws {
    let translator = try translator(.asInTraining)
    let before = translator.state.entries.map(\.tensor.bits)
    let made = translator(batch(3))[.target].tensor
    #expect(translator.state.entries.map(\.tensor.bits) == before)
    // Each picture is translated as if it were alone, and the same again.
    #expect(translator(batch(1))[.target].tensor.bits == made[0..<1].bits)
    #expect(translator(batch(3))[.target].tensor.bits == made.bits)
    let trained = withoutGradient {
      translator.network(batch(1)[.images], .training(RandomStream(seed: 0))).tensor
    }
    #expect(trained.bits == made[0..<1].bits)
    #expect(translator.state.entries.map(\.tensor.bits) != before)
    #expect(try self.translator(.running)(batch(1))[.target].tensor.bits != made[0..<1].bits)
  }

  @Test func aFileSaysIt() throws {
    try withFolder { folder in
      for inference in TranslatorDescription.Inference.allCases {
        let (translator, path) = (try translator(inference), folder + "/model.safetensors")
        try ModelFile.write(translator, to: path)
        let read = try #require(try ModelFile.read(path, .standard) as? Translator)
        #expect(read.description.inference == inference)
        #expect(read(batch(2))[.target].tensor.bits == translator(batch(2))[.target].tensor.bits)
      }
    }
  }
}
