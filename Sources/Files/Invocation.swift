import Glibc

/// What this process was started with, as it was given: Swift and Foundation repair what is not UTF-8, so that a path in
/// it would name no file.
public enum Invocation {
  /// The program and its arguments, each as ``Swift/String/init(pathBytes:)`` has it.
  public static var arguments: [String] {
    (0..<Int(CommandLine.argc)).compactMap { CommandLine.unsafeArgv[$0].map { String(path: $0) } }
  }

  /// The environment's variables, each as ``Swift/String/init(pathBytes:)`` has it.
  public static var environment: [String: String] {
    var variables: [String: String] = [:]
    var next = environ
    while let entry = next.pointee {
      let entry = String(path: entry)
      if let sign = entry.firstIndex(of: "=") {
        variables[String(entry[..<sign])] = String(entry[entry.index(after: sign)...])
      }
      next += 1
    }
    return variables
  }
}
