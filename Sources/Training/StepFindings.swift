import NN
import RunLog
import Torch

/// A loss, gradient or value that is infinite or not a number.
package struct NonFiniteError: Error, CustomStringConvertible {
  let what: String
  package var description: String { "\(what) is not finite" }
}

/// What a step has found. It stays on the device until somebody reads it.
package struct StepFindings {
  private let scalars: [Scalar]
  /// The value of each scalar, and at the end whether the flag was raised: float64 `[scalars.count + 1]`.
  private let numbers: Tensor
  private let suspects: [Suspect]

  /// - Parameters:
  ///   - reports: what was reported; of that, the values of `scalars` are read.
  ///   - suspects: where the cause is if the flag is raised, in the order of the step.
  init(_ reports: Reports, of scalars: [Scalar], _ suspects: [Suspect], _ flag: StopFlag) {
    let reported = scalars.filter { reports[$0] != nil }
    (self.scalars, self.suspects) = (reported, suspects)
    numbers = withoutGradient {
      .concatenated(reported.compactMap { reports[$0] } + [flag.tensor.to(.float64).reshaped(1)])
    }
  }

  /// The scalars of `steps`, read at once, up to the first in which something was not finite, which gives an error.
  package static func read(_ steps: [StepFindings]) -> [Result<Scalars, NonFiniteError>] {
    guard !steps.isEmpty else { return [] }
    var numbers = Tensor.concatenated(steps.map(\.numbers)).array(of: Double.self)[...]
    var results: [Result<Scalars, NonFiniteError>] = []
    for step in steps {
      let own = numbers.prefix(step.scalars.count + 1)
      numbers = numbers.dropFirst(own.count)
      guard own.last == 0 else { return results + [.failure(step.cause)] }
      var read = Scalars()
      for (scalar, number) in zip(step.scalars, own) { read[scalar] = number }
      results.append(.success(read))
    }
    return results
  }

  /// What raised the flag.
  private var cause: NonFiniteError {
    for suspect in suspects { if let what = suspect.nonFinite { return NonFiniteError(what: what) } }
    return NonFiniteError(what: "what a player was to move by")
  }
}

/// What a player was to move by, so far as it tells what was not finite.
///
/// Of gradients and new values it knows the Euclidean norms. In float32 these overflow if elements exceed about 1.8 · 10¹⁹,
/// which counts as not finite: optimizers take the same squares.
struct Suspect {
  private let player: Player
  private let loss: Tensor?
  /// What each of `norms` is to the player, as in "the gradient", and whose it is.
  private let (role, names): (String, [String])
  /// A norm of each, and of all.
  private let (norms, norm): (Tensor, Tensor)

  /// A gradient and its loss.
  init(_ player: Player, loss: Tensor, _ gradients: ReadyGradients) {
    (self.player, self.loss, norms, norm) = (player, loss, gradients.norms, gradients.norm)
    (role, names) = ("the gradient", zip(player.parameterNames, gradients.values).compactMap { $1 == nil ? nil : $0 })
  }

  /// New values.
  init(_ player: Player, to values: [Tensor]) {
    (self.player, loss, norms) = (player, nil, withoutGradient { values.norms() })
    (role, names, norm) = ("the new value", player.parameterNames, norms.norm())
  }

  /// Raises `flag` if there is anything that is not finite.
  func raise(_ flag: StopFlag) {
    // x − x is 0 of a finite loss. The sum of loss and norm could overflow.
    flag.raise(unlessFinite: withoutGradient { loss.map { $0 - $0 + norm } ?? norm })
  }

  /// What is not finite; nil if everything is. Reads it.
  var nonFinite: String? {
    if let loss, !loss.item.isFinite { return "the \(player.name)'s loss" }
    let norms = norms.array(of: Double.self)
    if let wrong = norms.firstIndex(where: { !$0.isFinite }), names.indices.contains(wrong) {
      return "the norm of \(role) of the \(player.name)'s \(names[wrong])"
    }
    return norm.item.isFinite ? nil : "the norm of \(role) of all parameters of the \(player.name)"
  }
}

/// What a step has reported so far.
final class Reports {
  private var values: [String: Tensor] = [:]

  /// Takes the value of part number `part` of a turn.
  func take(_ scalar: Scalar, _ value: Tensor, part: Int) {
    withoutGradient {
      let value = value.detached().to(.float64).reshaped(1)
      values[scalar.name] =
        part == 0 ? value : values[scalar.name].map { $0 + (value - $0) * (1 / Double(part + 1)) } ?? value
    }
  }

  /// The value of `scalar`, float64 `[1]`; nil if it was not reported.
  subscript(scalar: Scalar) -> Tensor? { values[scalar.name] }
}
