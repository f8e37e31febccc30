/// The proxy of an address, as the environment names it: `http_proxy` or `https_proxy` by the address's scheme, else
/// `all_proxy`, and `no_proxy` for the hosts that need none; lower case goes before upper case.
struct DownloadProxy {
  /// The proxy's address; empty for none.
  let address: String
  /// Hosts without proxy, separated by commas. libcurl matches them: names, domains, addresses, `*`.
  let exceptions: String

  init(for url: String, environment: [String: String]) {
    func value(_ name: String) -> String? {
      [name, name.uppercased()].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }
    let scheme = url.lowercased().hasPrefix("https:") ? "https_proxy" : "http_proxy"
    address = value(scheme) ?? value("all_proxy") ?? ""
    exceptions = value("no_proxy") ?? ""
  }
}
