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
      source == AdversarialRecipe.encoderOfData ? try FoundGroups.encoder(of: data).state : try file(source, for: data)
    let own = discriminator.state.part(ProjectedDiscriminator.features)
    let names = Set(own.entries.map(\.name))
    try own.load(
      Dictionary(uniqueKeysWithValues: given.entries.filter { names.contains($0.name) }.map { ($0.name, $0.tensor) }))
  }

  /// - Throws: what ``load(_:into:for:)`` would throw, as far as that shows without training an encoder.
  static func check(_ source: String, for data: Dataset) throws {
    if source == AdversarialRecipe.encoderOfData {
      _ = try EncoderTraining(data)
    } else {
      _ = try file(source, for: data)
    }
  }

  private static func file(_ path: String, for data: Dataset) throws -> StateDict {
    let (state, channels) = try CompactMaps.extractor(contentsOf: path)
    guard channels == data.shape.channels else {
      throw FileError(
        path,
        "it learnt from pictures of \(channels == 1 ? "1 channel" : "\(channels) channels"), and these have "
          + "\(data.shape.channels): take an extractor of such, or set feature_network=encoder")
    }
    return state
  }
}
