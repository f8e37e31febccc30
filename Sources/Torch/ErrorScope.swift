import CTorch
import Runtime

/// Runs `body` and throws the first failure of an operator in it.
///
/// Operators such as `+` cannot throw. Outside such a scope a failure ends the process with the shapes and the place of
/// the call. Inside it the failure is recorded, the operator returns ``Tensor/undefined``, operators that are given an
/// undefined tensor do the same, and the scope throws when `body` ends. The scope belongs to its thread and must not
/// span an `await`.
///
/// - Throws: the first ``TorchError``, else what `body` throws.
public func withTorchErrors<Result>(_ body: () throws -> Result) throws -> Result {
  try check(ctorch_error_scope_begin(), "opening an error scope")
  let result: Result
  do {
    result = try body()
  } catch {
    // What `body` throws may follow from an operator's failure, which says more.
    throw endOfErrorScope() ?? error
  }
  if let error = endOfErrorScope() { throw error }
  return result
}

/// Closes the innermost scope of this thread and returns the failure it recorded.
private func endOfErrorScope() -> TorchError? {
  var status = CTORCH_OK
  guard let message = ctorch_error_scope_end(&status) else { return nil }
  return TorchError(status: status, message: String(cString: message))
}

/// Whether failures on this thread are being recorded rather than fatal.
var isRecordingErrors: Bool { ctorch_error_scope_depth() > 0 }

/// Records `error` in the scope around the call, or ends the process when there is none.
func fail(_ error: TorchError) {
  guard isRecordingErrors else { fatalError("\(error.message)\(callSite())") }
  ctorch_error_scope_record(error.kind == .outOfMemory ? CTORCH_OUT_OF_MEMORY : CTORCH_FAILED, error.message)
}

/// The first places outside this module that led to the failure, a line each.
private func callSite() -> String {
  guard let trace = try? Backtrace.capture(limit: 64), let symbols = trace.symbolicated() else { return "" }
  let places = symbols.frames.compactMap { frame -> String? in
    guard let location = frame.symbol?.sourceLocation, !location.path.contains("/Sources/Torch/"), location.line > 0
    else { return nil }
    return "\n  at \(location.path):\(location.line)"
  }
  return places.prefix(4).joined()
}
