import CTorch

/// Computes both, side by side where there are two threads (``Machine/threads``), one after the other where there are more,
/// which can share the work of each operator.
///
/// The results are the same either way. That asks that the two share nothing that changes: no random stream, no running
/// statistics, no report. Gradient mode is that of the caller; precision is chosen within (``withAutocast(_:on:_:)``).
///
/// - Throws: what `first` throws, or the first failure of an operator in it; else the same of `second`.
public func concurrently<First, Second>(
  _ first: () throws -> First, _ second: () throws -> Second
) throws -> (First, Second) {
  var results: (first: Result<First, any Error>?, second: Result<Second, any Error>?)
  try withoutActuallyEscaping(first) { first in
    try withoutActuallyEscaping(second) { second in
      var one: Result<First, any Error>?
      var other: Result<Second, any Error>?
      let tasks = Tasks([
        { one = Result { try withTorchErrors(first) } }, { other = Result { try withTorchErrors(second) } },
      ])
      try withExtendedLifetime(tasks) {
        try check(
          ctorch_run_tasks(
            2,
            { context, task in
              guard let context else { return }
              Unmanaged<Tasks>.fromOpaque(context).takeUnretainedValue().bodies[Int(task)]()
            },
            Unmanaged.passUnretained(tasks).toOpaque()),
          "running two tasks")
      }
      results = (one, other)
    }
  }
  guard let first = results.first, let second = results.second else { preconditionFailure("a task was not run") }
  return (try first.get(), try second.get())
}

/// What C calls by number.
private final class Tasks {
  let bodies: [() -> Void]
  init(_ bodies: [() -> Void]) { self.bodies = bodies }
}
