import CommandLineKit
import GAN

/// `gan version`
struct Version: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Show the versions of swift-gan and libtorch.")

  static let text = "swift-gan \(SwiftGAN.version) (libtorch \(Machine.libtorchVersion))"

  mutating func run() throws { print(Self.text) }
}
