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

/// Whether helping threads are used after each of some stretches of work that took so many seconds, in which the process, with
/// `threads` threads, used so many cores.
package func helpersPay(after stretches: [(seconds: Double, cores: Double)], threads: Int) -> [Bool] {
  var pay = [Bool](repeating: false, count: stretches.count)
  ctorch_helpers_pay(stretches.map(\.seconds), stretches.map(\.cores), Int64(stretches.count), Int64(threads), &pay)
  return pay
}
