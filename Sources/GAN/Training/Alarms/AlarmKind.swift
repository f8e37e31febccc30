import Foundation

/// What can go wrong with a game, by the names that people type.
public enum AlarmKind: String, Sendable, Codable, CaseIterable {
  /// Losses or gradients grow out of all proportion, or the distance to the data gives back what training had gained.
  case divergence
  /// The samples' variety falls away, or stays near nothing while single samples look right.
  case collapse
  /// The discriminator tells all samples from data, and the generator's gradient has vanished.
  case discriminatorWins = "discriminator-wins"
  /// The discriminator cannot tell samples from data although they are far from them.
  case discriminatorLoses = "discriminator-loses"
  /// The generator copies training data.
  case memorisation

  /// The metrics without which it cannot be raised.
  var metrics: [Metric] {
    switch self {
    case .collapse: [.recall, .coverage]
    case .memorisation: [.memorisation]
    case .divergence, .discriminatorWins, .discriminatorLoses: []
    }
  }

  /// Alarms as people list them: "collapse,divergence".
  ///
  /// - Throws: ``GANError`` for a name that there is not, with the nearest one, or one that is listed twice.
  public static func list(_ text: String) throws(GANError) -> [AlarmKind] {
    var kinds: [AlarmKind] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let name = part.trimmingCharacters(in: .whitespaces)
      guard let kind = AlarmKind(rawValue: name) else {
        let names = allCases.map(\.rawValue)
        let near = nearest(to: name, among: names).map { "; did you mean '\($0)'? There are" } ?? "; there are"
        throw GANError("there is no alarm '\(name)'\(near) \(names.joined(separator: ", "))")
      }
      guard !kinds.contains(kind) else { throw GANError("the alarm '\(name)' is listed twice") }
      kinds.append(kind)
    }
    return kinds
  }
}
