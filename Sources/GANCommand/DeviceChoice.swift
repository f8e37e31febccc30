import CommandLineKit
import GAN

/// Where a run computes. This version computes on the processor alone, so a GPU is refused rather than left idle.
enum DeviceChoice: String, CaseIterable, ExpressibleByArgument {
  case auto
  case cpu

  static var argumentExpectation: String { "auto or cpu (this version does not compute on a GPU)" }
}
