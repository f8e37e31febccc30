import CTorch

/// Runs `body` with matrix products and convolutions computed in `dtype` (libtorch's autocast), when there is one.
///
/// Cast weights are remembered within the scope and forgotten at its end: libtorch's cache outlives an in-place update
/// of a weight, so no scope may span an optimizer step.
public func withAutocast<Result>(_ dtype: DType?, on device: Device = .cpu, _ body: () throws -> Result) rethrows
  -> Result
{
  guard let dtype else { return try body() }
  let former = ctorch_autocast(device.type)
  ctorch_set_autocast(device.type, CTorchAutocast(enabled: true, dtype: dtype.rawValue))
  defer {
    ctorch_set_autocast(device.type, former)
    ctorch_clear_autocast_cache()
  }
  return try body()
}

/// Runs `body` with every operator computing in its arguments' type, whatever scope of autocast is around it.
public func withoutAutocast<Result>(on device: Device = .cpu, _ body: () throws -> Result) rethrows -> Result {
  let former = ctorch_autocast(device.type)
  ctorch_set_autocast(device.type, CTorchAutocast(enabled: false, dtype: former.dtype))
  defer { ctorch_set_autocast(device.type, former) }
  return try body()
}
