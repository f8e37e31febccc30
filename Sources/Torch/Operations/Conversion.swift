private let toDTypeOperation = Operation("aten::to", "dtype")
private let toDeviceOperation = Operation("aten::to", "device")
private let contiguousOperation = Operation("aten::contiguous")
private let cloneOperation = Operation("aten::clone")
private let detachOperation = Operation("aten::detach")
private let copyOperation = Operation("aten::copy_")

extension Tensor {
  /// The elements converted to `dtype`; itself when they are of it.
  public func to(_ dtype: DType) -> Tensor {
    self.dtype == dtype ? self : toDTypeOperation(.tensor(self), .dtype(dtype))
  }

  /// The elements on `device`; itself when they are there.
  public func to(_ device: Device) -> Tensor {
    self.device == device ? self : toDeviceOperation(.tensor(self), .device(device), .dtype(dtype))
  }

  /// The elements laid out without gaps in the order of `format`; itself when they are.
  public func contiguous(_ format: MemoryFormat = .contiguous) -> Tensor {
    contiguousOperation(.tensor(self), .format(format))
  }

  /// New elements with the same values.
  public func clone() -> Tensor { cloneOperation(.tensor(self)) }

  /// The same elements, cut off from the graph of gradients.
  public func detached() -> Tensor { detachOperation(.tensor(self)) }

  /// Overwrites the elements with those of `source`, converted and broadcast.
  public func copy(from source: Tensor) { copyOperation(.tensor(self), .tensor(source)) }
}
