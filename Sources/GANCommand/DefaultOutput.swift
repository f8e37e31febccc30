import Files

/// Where a command writes when its user did not say where.
enum DefaultOutput {
  /// `name` in the working folder, or the first of `STEM-2.EXTENSION`, `STEM-3.EXTENSION`, ... that is free: a file that
  /// the user did not name is never overwritten. Says so when `name` is taken.
  static func path(_ name: String) -> String {
    let dot = name.lastIndex(of: ".") ?? name.endIndex
    var (path, number) = (name, 1)
    while FileSystem.isTaken(path) {
      number += 1
      path = "\(name[..<dot])-\(number)\(name[dot...])"
    }
    if number > 1 { note("\(name) exists already and is kept: writing \(path)") }
    return path
  }
}
