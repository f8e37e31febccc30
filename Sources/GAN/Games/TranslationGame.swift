import Datasets

/// A game of image translation: what is shown, judged and shipped is a translator, averaged if the recipe says so.
public protocol TranslationGame: Game {
  /// What learns to translate.
  var generator: Translator { get }
}

extension TranslationGame {
  /// The generator, averaged if the recipe says so.
  public var product: any Model { translator }

  private var translator: Translator {
    players.lazy.compactMap { $0.average?.network as? Translator }.first ?? generator
  }

  /// Of held-out rows, if there are any: source, translation and truth or, without pairs, what the way back makes of the
  /// translation; of two collections that are translated both ways, rows of each.
  public func preview(_ data: Dataset, heldOut: Dataset?, seed: UInt64) throws -> Preview {
    let (shown, count) = (heldOut ?? data, 12)
    var parts: [DerivedSamples] = []
    func add(_ model: any Model, _ data: Dataset, _ count: Int) throws {
      try ModelTranslations(model, count: count, of: data, seed: seed).forEachDerived { parts.append($0) }
    }
    if let other = shown.counterpart, let back = translator.inverse {
      try add(translator, shown, count / 2)
      try add(back, other, count / 2)
    } else {
      try add(translator, shown, count)
    }
    return try DerivedSamples.preview(parts)
  }
}

extension TranslatingRecipe {
  /// The player of a game of translation that moves generators: with weights to begin with and an average, if the recipe has
  /// them.
  ///
  /// - Parameter again: makes another generator of the same kind, for the average.
  /// - Throws: `FileError` when the file to begin with holds another network.
  func player(of generator: Translator, again: () throws -> Translator) throws -> Player {
    try input.begin(generator)
    var average: Average?
    if averageDecay > 0 {
      let network = try again()
      try network.state.copy(from: generator.state)
      average = Average(of: generator, in: network, decay: averageDecay, warmsUp: true)
    }
    return Player("generator", symbol: "G", generator, self.generator, averages: [average].compactMap(\.self))
  }
}

extension TranslatingRecipe {
  /// What both find, side by side. Batch norm remembers statistics in the order of its passes, so that it needs one.
  func both<Found>(_ turn: Turn, _ first: () -> Found, _ second: () -> Found) throws -> (Found, Found) {
    norm == .batch ? (first(), second()) : try turn.concurrently(first, second)
  }
}
