import Foundation
import Testing

/// The built command `gan` as a process, in a folder of its own that is its home too.
final class GanProcess {
  /// The executable beside the test bundle.
  static let executable: String = {
    let bundle = Bundle.main.executablePath ?? CommandLine.arguments[0]
    return URL(fileURLWithPath: bundle).deletingLastPathComponent().path + "/gan"
  }()

  private let process = Process()
  private let folder: String
  private let name = UUID().uuidString

  /// Starts `gan arguments` in `folder`.
  ///
  /// - Parameter shell: what a shell does in the process before, as in "ulimit -f 10".
  init(_ arguments: [String], in folder: String, shell: String = ":") throws {
    self.folder = folder
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", shell + "; exec \"$0\" \"$@\"", Self.executable] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    var environment = ProcessInfo.processInfo.environment
    (environment["HOME"], environment["XDG_CACHE_HOME"], environment["GAN_DATA"]) = (folder, nil, nil)
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try file("output")
    process.standardError = try file("error")
    try process.run()
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  private func file(_ stream: String) throws -> FileHandle {
    let path = "\(folder)/.\(name).\(stream)"
    try Data().write(to: URL(fileURLWithPath: path))
    return try #require(FileHandle(forWritingAtPath: path))
  }

  private func text(_ stream: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: "\(folder)/.\(name).\(stream)")), as: UTF8.self)
  }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  var isRunning: Bool { process.isRunning }

  /// Waits until `condition` holds; after half a minute, or when the process has ended, the test fails.
  func wait(for condition: () throws -> Bool) throws {
    let deadline = Date.now.addingTimeInterval(30)
    while try !condition() {
      guard process.isRunning, Date.now < deadline else { throw Waited(said: try text("error")) }
      usleep(5000)
    }
  }

  struct Waited: Error { let said: String }

  /// How a process ended and what it said.
  struct Outcome {
    let status: Int32
    let wasKilled: Bool
    let output: String
    let error: String
  }

  /// Waits for the end; after a minute, the process is killed.
  func end() throws -> Outcome {
    let deadline = Date.now.addingTimeInterval(60)
    while process.isRunning && Date.now < deadline { usleep(2000) }
    if process.isRunning { send(SIGKILL) }
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
      output: try text("output"), error: try text("error"))
  }
}

/// A fresh folder with 40 pictures of 12x12 pixels in `pictures.npy`, in which the command is tried.
final class Workplace {
  let path = FileManager.default.temporaryDirectory.path + "/swift-gan-command-" + UUID().uuidString
  /// What makes a run small enough to be quick.
  static let small = [
    "--data", "pictures.npy", "--threads", "1", "--batch", "8", "--set", "base_width=4", "--set", "latent_size=8",
  ]

  init() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    try writePictures(channels: 1, to: "pictures.npy")
  }

  /// Writes 40 pictures of 12x12 pixels.
  func writePictures(channels: Int, to name: String) throws {
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (40, 12, 12, \(channels)), }"
    let padded = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(padded.utf8.count), 0] + Array(padded.utf8)
    for index in 0..<(40 * 144 * channels) { bytes.append(UInt8(truncatingIfNeeded: index &* 2_654_435_761 >> 13)) }
    try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
  }

  deinit {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      print("\(path) was not removed: \(error)")
    }
  }

  /// Runs the command to its end.
  func gan(_ arguments: String..., shell: String = ":") throws -> GanProcess.Outcome {
    try GanProcess(arguments, in: path, shell: shell).end()
  }

  /// Starts a small run of `mlp` into the folder "run".
  func startTraining(_ arguments: String...) throws -> GanProcess {
    try GanProcess(["train", "mlp", "--out", "run"] + Self.small + arguments, in: path)
  }

  /// Trains a small `mlp` to its end.
  func train(_ arguments: String..., into folder: String = "run", shell: String = ":") throws -> GanProcess.Outcome {
    try GanProcess(["train", "mlp", "--out", folder] + Self.small + arguments, in: path, shell: shell).end()
  }

  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path + "/" + name) }

  func data(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)) }

  func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path + "/" + folder).sorted()
  }

  /// The whole lines of the run's log as JSON objects; the last one may be in the writing.
  func log(_ run: String = "run") throws -> [[String: Any]] { try lines(wholeLines(data(run + "/log.jsonl"))) }

  private func wholeLines(_ text: Data) -> Data { text[..<(text.lastIndex(of: 10) ?? text.startIndex)] }

  func lines(_ text: Data) throws -> [[String: Any]] {
    try text.split(separator: 10).map {
      try #require(try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any])
    }
  }

  /// The steps of the log's lines of this kind, in order.
  func steps(_ event: String, in run: String = "run") throws -> [Int] {
    try log(run).filter { $0["event"] as? String == event }.compactMap { $0["step"] as? Int }
  }

  /// Whether the run has logged that it began, so that signals are answered.
  func hasStarted() -> Bool { has("run/log.jsonl") && (try? data("run/log.jsonl").isEmpty) == false }
}
