import Glibc

/// The learning rate of each step as a multiple of the optimizer's own.
public indirect enum LearningRateSchedule: Sendable, Hashable {
  /// 1 throughout.
  case constant
  /// From 1 in a straight line to `end` at step `steps`, then `end` (PyTorch's `LinearLR`).
  case linear(end: Double, steps: Int)
  /// From 1 along half a cosine to `end` at step `steps`, then `end` (Loshchilov and Hutter 2017, eq. 5, one period).
  case cosine(end: Double, steps: Int)
  /// `rate` to the power of the step (PyTorch's `ExponentialLR`).
  case exponential(rate: Double)
  /// From `start` in a straight line to 1 at step `steps`; from there `then`, as if it began there.
  case warmUp(start: Double, steps: Int, then: LearningRateSchedule)

  /// 1 for `steps` steps; from there `then`, as if it began there (pix2pix and CycleGAN: half of a run, then a line).
  case hold(steps: Int, then: LearningRateSchedule)

  /// The multiple for the step after `step` others. A run that goes along its schedule faster or slower than planned stands
  /// between two steps of it.
  public func factor(at step: Double) -> Double {
    switch self {
    case .constant: return 1
    case .linear(let end, let steps):
      return step >= Double(steps) ? end : 1 + (end - 1) * step / Double(steps)
    case .cosine(let end, let steps):
      return step >= Double(steps) ? end : end + (1 - end) * (1 + cos(.pi * step / Double(steps))) / 2
    case .exponential(let rate): return pow(rate, step)
    case .warmUp(let start, let steps, let then):
      return step < Double(steps)
        ? start + (1 - start) * step / Double(steps) : then.factor(at: step - Double(steps))
    case .hold(let steps, let then): return step < Double(steps) ? 1 : then.factor(at: step - Double(steps))
    }
  }
}
