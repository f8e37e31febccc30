import Datasets
import Testing

/// The proxy settings of the environment, against a local proxy.
struct DownloadProxyTests {
  @Test(arguments: ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
  func `an http address goes through the proxy`(variable: String) throws {
    let trial = try DownloadTrial()
    // Nobody can resolve this host: only the proxy can have answered.
    let mirror = "http://mirror.invalid/good/\(trial.token)"
    try trial.locate(mirrors: [], environment: [variable: trial.server.address, "GAN_MIRROR": mirror])
    #expect(trial.downloaded == trial.bytes)
    #expect(try trial.server.requests(trial.token) == ["\(mirror)/tiny/\(trial.file) whole"])
  }

  @Test(arguments: ["https_proxy", "HTTPS_PROXY"])
  func `an https address asks the proxy for a tunnel`(variable: String) throws {
    let trial = try DownloadTrial()
    let error = try #require(throws: DownloadError.self) {
      try trial.locate(
        mirrors: [],
        environment: [
          variable: trial.server.address, "http_proxy": "http://127.0.0.1:1", "GAN_MIRROR": "https://mirror.invalid",
        ])
    }
    #expect(error.description.contains("CONNECT"))
    #expect(error.description.contains("403"))
  }

  @Test(arguments: ["no_proxy", "NO_PROXY"])
  func `no_proxy names the hosts without`(variable: String) throws {
    let trial = try DownloadTrial()
    let closed = ["http_proxy": "http://127.0.0.1:1", "GAN_MIRROR": trial.mirror("good")]
    #expect(throws: DownloadError.self) { try trial.locate(mirrors: [], environment: closed) }
    try trial.locate(
      mirrors: [], environment: closed.merging([variable: "example.org, 127.0.0.1"]) { $1 })
    #expect(trial.downloaded == trial.bytes)
  }
}
