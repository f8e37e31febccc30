import CommandLineKit
import GAN

/// `gan version`
struct Version: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "version", abstract: "Print the versions of swift-gan and libtorch.")

  mutating func run() throws { print(Gan.configuration.version) }
}
