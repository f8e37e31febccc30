import Torch

/// Whether something has been found that is infinite or not a number: a mark on the device that stops the moves of
/// optimizers there, so that the host can go on without knowing of it. Once raised it stays so until it is lowered.
///
/// The engine raises and lowers it; an optimizer of your own gives it to operators that take a `found_inf`, or moves by
/// ``copy(_:over:)``.
public struct StopFlag {
  /// 1 if it is raised, else 0; float32, without axes.
  public let tensor: Tensor

  /// A lowered flag on `device`.
  package init(on device: Device) { tensor = Tensor(0, device: device) }

  /// Raises it if the number that `value` holds is infinite or not a number.
  package func raise(unlessFinite value: Tensor) {
    withoutGradient {
      // x − x is 0, or not a number.
      let value = value.detached()
      tensor.copy(from: maximum(.tensor(tensor), .tensor(differs(.tensor(value - value), .double(0)))))
    }
  }

  /// Whether it is raised. The host waits for the device to learn of it.
  public var isRaised: Bool { tensor.item != 0 }

  /// Lowers it.
  package func lower() { withoutGradient { tensor.fill(0) } }

  /// Overwrites each tensor with that in `sources`, if the flag is lowered.
  public func copy(_ sources: [Tensor], over tensors: [Tensor]) {
    withoutGradient {
      let isRaised = condition
      for (tensor, source) in zip(tensors, sources) {
        tensor.copy(from: .chosen(where: isRaised, tensor, else: source))
      }
    }
  }

  /// The tensors, or zeros of their shapes if the flag is raised.
  func zeroing(_ tensors: [Tensor]) -> [Tensor] {
    let isRaised = condition
    return tensors.map { .chosen(where: isRaised, .zeros([], dtype: $0.dtype, device: $0.device), else: $0) }
  }

  /// A Boolean without axes: whether it is raised.
  private var condition: Tensor { differs(.tensor(tensor), .double(0)) }
}

extension StopFlag? {
  /// Overwrites each tensor with that in `sources`, unless there is a flag that is raised.
  func copy(_ sources: [Tensor], over tensors: [Tensor]) {
    if let self { self.copy(sources, over: tensors) } else { tensors.copy(from: sources) }
  }
}

private let maximum = Operation("aten::maximum")
private let differs = Operation("aten::ne", "Scalar")
