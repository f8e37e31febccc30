import CTorch

/// Runs `body` with matrix products and convolutions computed in `dtype` (libtorch's autocast), when there is one.
///
/// Cast weights are remembered within the scope and forgotten at its end: libtorch's cache outlives an in-place update
/// of a weight, so no scope may span an optimizer step.
///
/// - Parameter device: whose operators it is for; those of other devices go on in their arguments' type.
public func withAutocast<Result>(_ dtype: DType?, on device: Device, _ body: () throws -> Result) rethrows -> Result {
  guard let dtype else { return try body() }
  let former = autocast(on: device)
  setAutocast(CTorchAutocast(enabled: true, dtype: dtype.rawValue), on: device)
  defer {
    setAutocast(former, on: device)
    let status = ctorch_clear_autocast_cache()
    if status != CTORCH_OK { fail(.last(status, "forgetting cast weights")) }
  }
  return try body()
}

/// Runs `body` with every operator computing in its arguments' type, whatever scope of autocast is around it.
public func withoutAutocast<Result>(on device: Device, _ body: () throws -> Result) rethrows -> Result {
  let former = autocast(on: device)
  setAutocast(CTorchAutocast(enabled: false, dtype: former.dtype), on: device)
  defer { setAutocast(former, on: device) }
  return try body()
}

private func autocast(on device: Device) -> CTorchAutocast {
  value(CTorchAutocast(enabled: false, dtype: DType.bfloat16.rawValue), "autocast on \(device)") {
    ctorch_autocast(device.type, &$0)
  }
}

private func setAutocast(_ setting: CTorchAutocast, on device: Device) {
  let status = ctorch_set_autocast(device.type, setting)
  if status != CTORCH_OK { fail(.last(status, "autocast on \(device)")) }
}
