import NN
import Torch

/// A player's gradients, ready for its optimizer: of the whole batch, regularised and clipped.
///
/// What autograd returned is left as it is: it can hand one tensor to two parameters, as to two biases that are added, or
/// one whose elements share memory, and a change in place would change both.
package struct ReadyGradients {
  /// In the order of the parameters; nil where a loss does not depend on one.
  package private(set) var values: [Tensor?]
  /// The norm of each one that is there, before any clipping: `[count]`; of none a single zero.
  let norms: Tensor
  /// The norm of all, before any clipping: a tensor without axes.
  package let norm: Tensor

  /// - Parameters:
  ///   - sums: the gradients of all parts of the batch together.
  ///   - player: whose parameters they belong to.
  ///   - device: where they are, if there are any.
  package init(_ sums: [Tensor?], parts: Int, of player: Player, on device: Device) {
    let settings = player.settings
    var values = sums
    if parts > 1 { values.change { $0.multiplied(by: 1 / Double(parts)) } }
    if settings.orthogonal > 0 {
      values = Self.regularized(values, of: player, by: OrthogonalRegularization(weight: settings.orthogonal))
    }
    let present = values.compactMap { $0 }
    let norms = withoutGradient { present.isEmpty ? Tensor.zeros([1], device: device) : present.norms() }
    let norm = withoutGradient { norms.norm() }
    if settings.clipNorm > 0 {
      values.change { GradientClipping.byNorm($0, limit: settings.clipNorm, norm: norm) }
    }
    if settings.clipValue > 0 { values.change { GradientClipping.byValue($0, limit: settings.clipValue) } }
    (self.values, self.norms, self.norm) = (values, norms, norm)
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
}

extension [Tensor?] {
  /// Replaces those that are there by what `body` makes of all of them.
  fileprivate mutating func change(_ body: ([Tensor]) -> [Tensor]) {
    let present = indices.filter { self[$0] != nil }
    for (index, changed) in zip(present, withoutGradient { body(compactMap { $0 }) }) { self[index] = changed }
  }
}
