import CTorch

/// What an operator took on a thread, all its calls together.
public struct OperationTime: Sendable, Equatable {
  /// The operator's name, as in "aten::convolution_backward" or "gan::dropout"; nodes of a backward pass have theirs.
  public let name: String
  /// How often it was called.
  public let calls: Int
  /// Seconds in the operator itself. Those in operators that it called are counted with these.
  public let seconds: Double
}

/// Runs `body` and measures the operators that this thread calls in it, those of backward passes included. Measuring
/// slows each call by a fraction of a microsecond; outside of such a scope it costs nothing.
///
/// - Returns: an element an operator, the one that took longest first.
/// - Throws: what `body` throws, or ``TorchError`` inside another such scope.
public func withOperationProfile(_ body: () throws -> Void) throws -> [OperationTime] {
  try check(ctorch_profile_begin(), "profiling")
  let outcome = Result(catching: body)
  let profile = Profile()
  let status = ctorch_profile_end(
    { profile, name, calls, seconds in
      guard let profile, let name else { return }
      Unmanaged<Profile>.fromOpaque(profile).takeUnretainedValue().add(String(cString: name), Int(calls), seconds)
    }, Unmanaged.passUnretained(profile).toOpaque())
  try outcome.get()
  try check(status, "profiling")
  return profile.totals.map { OperationTime(name: $0, calls: $1.calls, seconds: $1.seconds) }
    .sorted { ($1.seconds, $0.name) < ($0.seconds, $1.name) }
}

private final class Profile {
  private(set) var totals: [String: (calls: Int, seconds: Double)] = [:]

  func add(_ name: String, _ calls: Int, _ seconds: Double) {
    // The engine names each of its turns after the node it works on; the node itself is measured under its own name.
    let engine = "autograd::engine::evaluate_function"
    let total = totals[name.hasPrefix(engine) ? engine : name, default: (0, 0)]
    totals[name.hasPrefix(engine) ? engine : name] = (total.calls + calls, total.seconds + seconds)
  }
}
