import CommandLineKit
import Files
import Foundation
import GAN

/// `gan doctor`
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Show what this machine has: libtorch, processor, codecs, data sets.")

  mutating func run() throws {
    for (name, value) in findings() {
      print(name + String(repeating: " ", count: max(22 - name.count, 1)) + value)
    }
  }

  /// What restricts the own kernels.
  private var limit: String {
    Machine.instructions < Machine.processorInstructions ? ", as GAN_CPU says" : ""
  }

  private func findings() -> [(String, String)] {
    let processors = UsableProcessors.here
    let team = Machine.measuredTeamSize
    var rows = [
      ("swift-gan", SwiftGAN.version),
      ("libtorch", "\(Machine.libtorchVersion), its kernels use \(Machine.cpuCapability)"),
      ("processor", "\(processors.online) logical CPUs; \(Machine.processorInstructions)"),
      ("own kernels", "use \(Machine.instructions)\(limit)"),
      ("precision", "auto means \(Precision.auto.settled.rawValue) here"),
      ("threads", "\(Machine.threads): \(processors.reason); \(team) came to work"),
      (
        "CUDA",
        Machine.hasCUDA
          ? "a GPU is available, but this version computes on the CPU only"
          : "not used: this libtorch has no CUDA libraries, and this version computes on the CPU only"
      ),
    ]
    rows += Codecs.versions.map { ($0.name, $0.version) }
    let options = LoadOptions()
    rows.append(("cache", options.cacheFolder))
    let data = options.environment["GAN_DATA"]
    rows.append(("$GAN_DATA", data ?? "not set"))
    for set in NamedSets.all {
      let found = set.found(environment: options.environment, cache: options.cacheFolder)
      rows.append(("  \(set.name)", found ?? "not found; it would be downloaded"))
    }
    return rows
  }
}
