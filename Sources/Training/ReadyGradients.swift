import NN
import Torch

/// A loss, gradient or value that is infinite or not a number.
package struct NonFiniteError: Error, CustomStringConvertible {
  let what: String
  package var description: String { "\(what) is not finite" }
}

/// A player's gradients, ready for its optimizer: of the whole batch, regularised and clipped.
///
/// What autograd returned is left as it is: it can hand one tensor to two parameters, as to two biases that are added, or
/// one whose elements share memory, and a change in place would change both.
package struct ReadyGradients {
  /// In the order of the parameters; nil where a loss does not depend on one.
  package private(set) var values: [Tensor?]
  /// Their norm before any clipping.
  package let norm: Double

  /// - Parameters:
  ///   - sums: the gradients of all parts of the batch together.
  ///   - player: whose parameters they belong to.
  /// - Throws: ``NonFiniteError`` when one is infinite or not a number.
  package init(_ sums: [Tensor?], parts: Int, of player: Player) throws {
    let settings = player.settings
    var values = sums
    if parts > 1 { values.change { $0.multiplied(by: 1 / Double(parts)) } }
    if settings.orthogonal > 0 {
      values = Self.regularized(values, of: player, by: OrthogonalRegularization(weight: settings.orthogonal))
    }
    let norm = try Self.finiteNorm(values, of: player)
    if settings.clipNorm > 0 {
      values.change { GradientClipping.byNorm($0, limit: settings.clipNorm, norm: norm) }
    }
    if settings.clipValue > 0 { values.change { GradientClipping.byValue($0, limit: settings.clipValue) } }
    (self.values, self.norm) = (values, norm)
  }

  /// The gradients with those of a term that keeps filters apart.
  private static func regularized(
    _ gradients: [Tensor?], of player: Player, by regularization: OrthogonalRegularization
  ) -> [Tensor?] {
    let filters = zip(player.entries.filter(\.isParameter), gradients).enumerated().compactMap {
      index, pair -> (index: Int, gradient: Tensor, weight: (tensor: Tensor, filterAxis: Int))? in
      guard let axis = pair.0.filterAxis, let gradient = pair.1 else { return nil }
      return (index, gradient, (pair.0.tensor, axis))
    }
    var sums = gradients
    withoutGradient {
      for (filter, term) in zip(filters, regularization.gradients(of: filters.map(\.weight))) {
        sums[filter.index] = filter.gradient + term
      }
    }
    return sums
  }

  private static func finiteNorm(_ gradients: [Tensor?], of player: Player) throws -> Double {
    let norm = gradients.compactMap { $0 }.totalNorm().item
    if norm.isFinite { return norm }
    let names = player.entries.filter(\.isParameter).map(\.name)
    if let wrong = zip(names, gradients).first(where: { $0.1?.isFinite == false })?.0 {
      throw NonFiniteError(what: "the gradient of the \(player.name)'s \(wrong)")
    }
    return norm
  }
}

extension [Tensor?] {
  /// Replaces those that are there by what `body` makes of all of them.
  fileprivate mutating func change(_ body: ([Tensor]) -> [Tensor]) {
    let present = indices.filter { self[$0] != nil }
    for (index, changed) in zip(present, withoutGradient { body(compactMap { $0 }) }) { self[index] = changed }
  }
}
