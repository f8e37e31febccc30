extension Discriminator {
  /// The names of the parameters of its first `count` layers or blocks, from the image on: its parts in the order of their making,
  /// norms together with what they follow.
  ///
  /// - Throws: ``TrainingError`` when that leaves nothing but the score.
  func firstLayers(_ count: Int) throws(TrainingError) -> Set<String> {
    guard count > 0 else { return [] }
    var layers: [(part: String, names: [String])] = []
    for entry in state.entries where entry.isParameter && !ClassEntries.contain(entry.name) {
      let part = String(entry.name.prefix { $0 != "." })
      if let last = layers.last, last.part == part || part.hasPrefix("norm") {
        layers[layers.count - 1].names.append(entry.name)
      } else {
        layers.append((part, [entry.name]))
      }
    }
    guard count < layers.count else {
      throw TrainingError(
        "frozen_layers=\(count) leaves D nothing to learn: it has \(layers.count) layers, the score's among them; set "
          + "frozen_layers=\(layers.count - 1) or less")
    }
    return Set(layers.prefix(count).flatMap(\.names))
  }
}
