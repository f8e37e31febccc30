import Torch

/// A running mean of parameters: a step makes it `decay` times itself plus 1 − `decay` times the new parameters.
public final class WeightAverage {
  /// The mean of each parameter, in their order and laid out like them.
  public let tensors: [Tensor]
  /// How much of it a step keeps.
  public var decay: Double {
    get { number.value }
    set { number.value = newValue }
  }
  /// The decay where the mean is.
  private(set) var number: DeviceNumber

  /// The mean that `tensors` hold.
  public init(_ tensors: [Tensor], decay: Double) {
    self.tensors = tensors
    number = DeviceNumber(decay, beside: tensors)
  }

  /// Moves it toward `parameters`.
  public func move(toward parameters: [Tensor], unless flag: StopFlag? = nil) {
    withoutGradient {
      guard let dtype = tensors.first?.dtype else { return }
      let share = 1 - number.tensor
      // A share of nothing leaves the mean as it is, to the bit.
      tensors.interpolate(
        toward: parameters, weight: (flag.map { share * (1 - $0.tensor) } ?? share).to(dtype))
    }
  }
}
