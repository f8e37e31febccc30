import CTorch

/// What helping threads do in a test before each piece of work.
package enum HelperDelay: Sendable {
  /// They idle for up to so many microseconds, drawn anew each time.
  case upTo(microseconds: Int)
  /// They never come.
  case forever
}

/// Runs `body` with the threads that help with own kernels delayed, in the whole process.
package func withHelpers<Result>(delayed delay: HelperDelay, _ body: () throws -> Result) rethrows -> Result {
  switch delay {
  case .upTo(let microseconds): ctorch_set_helper_delay(Int64(microseconds))
  case .forever: ctorch_set_helper_delay(-1)
  }
  defer { ctorch_set_helper_delay(0) }
  return try body()
}
