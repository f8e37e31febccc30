import Torch

/// A number that an optimizer's operators read on the device where they run: the host sets it and never waits for it.
struct DeviceNumber {
  /// The number; setting another overwrites the ``tensor``.
  var value: Double {
    didSet { if value != oldValue { withoutGradient { tensor.fill(value) } } }
  }
  /// The same on the device, without axes.
  let tensor: Tensor

  /// A number beside `tensors`; on the host if there are none.
  init(_ value: Double, beside tensors: [Tensor], dtype: DType = .float64) {
    self.value = value
    tensor = Tensor(value, dtype: dtype, device: tensors.first?.device ?? .cpu)
  }
}
