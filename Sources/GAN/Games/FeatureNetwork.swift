import Files
import Metrics

/// Where the network of features of a projected discriminator comes from.
enum FeatureNetwork {
  /// Gives a projected discriminator, or one around it, the network of features of the encoder of `data` or of an extractor's file.
  ///
  /// - Parameter source: ``AdversarialRecipe/encoderOfData``, or the path of the file.
  /// - Throws: `FileError` for a file that holds no encoder or classifier of swift-gan's, or one of other pictures; `MetricError` when
  ///   an encoder cannot be trained.
  static func load(_ source: String, into discriminator: any Discriminator, for data: Dataset) throws {
    let given =
      source == AdversarialRecipe.encoderOfData
      ? try FoundGroups.encoder(of: data).state : try CompactMaps.extractor(contentsOf: source)
    let own = discriminator.state.part(ProjectedDiscriminator.features)
    let names = Set(own.entries.map(\.name))
    do {
      try own.load(
        Dictionary(uniqueKeysWithValues: given.entries.filter { names.contains($0.name) }.map { ($0.name, $0.tensor) }))
    } catch {
      throw FileError(source, "it takes other pictures than \(data.shape): \(error)")
    }
  }

  /// - Throws: what ``load(_:into:for:)`` would throw, as far as that shows without training an encoder.
  static func check(_ source: String, for data: Dataset) throws {
    if source == AdversarialRecipe.encoderOfData {
      _ = try EncoderTraining(data)
    } else {
      _ = try CompactMaps.extractor(contentsOf: source)
    }
  }
}
