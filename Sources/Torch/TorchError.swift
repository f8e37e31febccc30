import CTorch

/// A failure inside libtorch: shapes that do not fit, a type that an operator does not take, memory that ran out.
public struct TorchError: Error, Sendable, CustomStringConvertible {
  /// What kind of failure it is, for a caller that can act on it.
  public enum Kind: Sendable {
    /// The arguments do not fit the operator.
    case invalid
    /// The host or the device has no memory left; a smaller batch may help.
    case outOfMemory
  }

  /// The kind of failure.
  public let kind: Kind
  /// libtorch's sentence, with the operator and the shapes it was given.
  public let message: String

  /// The message.
  public var description: String { message }

  init(_ message: String, kind: Kind = .invalid) {
    self.kind = kind
    self.message = message
  }

  init(status: CTorchStatus, message: String) {
    self.init(message, kind: status == CTORCH_OUT_OF_MEMORY ? .outOfMemory : .invalid)
  }

  /// The last failure on this thread, after `context`.
  static func last(_ status: CTorchStatus, _ context: String) -> TorchError {
    TorchError(status: status, message: "\(context): \(String(cString: ctorch_last_error()))")
  }
}

/// Throws when `status` is a failure.
func check(_ status: CTorchStatus, _ context: @autoclosure () -> String) throws(TorchError) {
  if status != CTORCH_OK { throw TorchError.last(status, context()) }
}

/// What `read` finds out; `initial` after a failure, which ends the process or is recorded.
func value<Value>(
  _ initial: Value, _ context: @autoclosure () -> String, _ read: (inout Value) -> CTorchStatus
) -> Value {
  var value = initial
  let status = read(&value)
  if status != CTORCH_OK { fail(.last(status, context())) }
  return value
}
