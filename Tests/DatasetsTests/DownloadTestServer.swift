import Datasets
import Files
import Foundation

/// The misbehaving web server of `Fixtures/download_server.py`, one for all tests; it ends with this process, which
/// holds its standard input.
struct DownloadTestServer {
  static let shared = Result { try DownloadTestServer() }

  /// As in `http://127.0.0.1:12345`.
  let address: String
  private let process: Process
  private let input = Pipe()

  private init() throws {
    let fixtures = Bundle.module.bundlePath + "/Fixtures"
    let output = Pipe()
    process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", fixtures + "/download_server.py", fixtures]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    var line: [UInt8] = []
    while let byte = try output.fileHandleForReading.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
      line.append(byte)
    }
    address = "http://127.0.0.1:" + String(decoding: line, as: UTF8.self)
  }

  /// What was asked for under `token`, a line a request: its address and its range.
  func requests(_ token: String) throws -> [String] {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let script = """
      import sys, urllib.request
      opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
      print(opener.open(sys.argv[1]).read().decode())
      """
    process.arguments = ["python3", "-c", script, "\(address)/log/\(token)"]
    process.standardOutput = output
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}

/// A set of one small file, a cache of its own, and a token that marks its requests.
final class DownloadTrial {
  let server: DownloadTestServer
  let token = UUID().uuidString
  let cache = FileManager.default.temporaryDirectory.path + "/swift-gan-download-" + UUID().uuidString
  let bytes: [UInt8]
  let file: String
  /// Short, so that the tests are quick.
  var limits = DownloadLimits()

  init(byteCount: Int = 60_000) throws {
    server = try DownloadTestServer.shared.get()
    bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 7 &+ ($0 >> 8)) }
    file = "blob-\(byteCount).bin"
    limits.connect = .seconds(60)
    limits.stall = .seconds(60)
    limits.pause = .milliseconds(10)
    limits.attempts = 3
  }

  deinit { try? FileManager.default.removeItem(atPath: cache) }

  /// The base address of `scenario`.
  func mirror(_ scenario: String) -> String { "\(server.address)/\(scenario)/\(token)" }

  /// A set whose usual mirrors play `scenarios`.
  func set(mirrors scenarios: [String]) -> NamedSet {
    NamedSet(
      name: "tiny", layouts: [.init([file])],
      files: [.init(file, byteCount: bytes.count, sha256: bytes.withUnsafeBytes { SHA256.digest($0) })],
      mirrors: scenarios.map { mirror($0) + "/tiny/" })
  }

  /// Locates the set in an empty cache.
  @discardableResult
  func locate(
    mirrors scenarios: [String], environment: [String: String] = [:], progress: ((DownloadProgress) -> Void)? = nil
  ) throws -> String {
    try set(mirrors: scenarios).locate(
      directory: nil, environment: environment, cache: cache, limits: limits, progress: progress)
  }

  /// The file as it was downloaded, or nil when there is none.
  var downloaded: [UInt8]? { FileManager.default.contents(atPath: cache + "/data/tiny/" + file).map(Array.init) }

  /// What is left of an unfinished download, or nil.
  var leftover: [UInt8]? {
    FileManager.default.contents(atPath: cache + "/data/tiny/" + file + ".part").map(Array.init)
  }

  /// The ranges that the server was asked for, in order.
  func ranges() throws -> [String] {
    try server.requests(token).map { String($0.split(separator: " ").last ?? "") }
  }
}
