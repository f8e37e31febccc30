import CommandLineKit
import GAN

/// The device of a run. This version computes on the CPU only, so asking for a GPU is an error.
enum DeviceChoice: String, CaseIterable, ExpressibleByArgument {
  case auto
  case cpu

  static var argumentExpectation: String { "auto or cpu (this version has no GPU support)" }
}
