import NN
import Torch

/// A network whose weights and running statistics are a running mean of another's over steps: average = d average + (1 − d)
/// present, with the decay d or, while that is less and the average warms up, (1 + t) / (10 + t) at step t (as TensorFlow's
/// `ExponentialMovingAverage` with a step count).
public final class Average {
  /// What a checkpoint calls it.
  public let name: String
  /// The network that holds the mean.
  public let network: any Module
  private let source: any Module
  private let decay: Double
  private let warmsUp: Bool
  private let mean: WeightAverage

  /// The mean of `source`, held by `network`: one of the same kind with the same weights, which takes no gradients from here
  /// on.
  ///
  /// - Parameters:
  ///   - decay: how much of the mean a step keeps, in 0 ..< 1.
  ///   - warmsUp: whether it starts with a short memory.
  public init(_ name: String = "average", of source: any Module, in network: any Module, decay: Double, warmsUp: Bool) {
    (self.name, self.source, self.network, self.decay, self.warmsUp) = (name, source, network, decay, warmsUp)
    mean = WeightAverage(network.state.parameters, decay: decay)
    for parameter in network.state.parameters { parameter.requiringGradient(false) }
  }

  /// What a checkpoint calls its tensors.
  var tensors: [(name: String, tensor: Tensor)] { network.state.entries.map { ("\(name).\($0.name)", $0.tensor) } }

  /// Those of the weights.
  var parameterTensors: [(name: String, tensor: Tensor)] {
    network.state.entries.filter(\.isParameter).map { ("\(name).\($0.name)", $0.tensor) }
  }

  /// The averaged weights, for step number `step` (from 0) of the optimizer to move.
  package func weights(step: Int) -> WeightAverage {
    mean.decay = decay(step: step)
    return mean
  }

  /// Moves the running statistics as ``weights(step:)`` moves the weights.
  package func moveStatistics(step: Int) {
    withoutGradient {
      let pairs = Array(zip(network.state.buffers, source.state.buffers))
      let floating = pairs.filter { $0.0.dtype.isFloatingPoint }
      floating.map(\.0).interpolate(toward: floating.map(\.1), weight: 1 - decay(step: step))
      // Counters have no mean.
      for (mean, present) in pairs where !mean.dtype.isFloatingPoint { mean.copy(from: present) }
    }
  }

  private func decay(step: Int) -> Double {
    warmsUp ? min(decay, Double(step + 1) / Double(step + 10)) : decay
  }
}
