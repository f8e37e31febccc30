import CommandLineKit
import Files
import Glibc
import Torch

do {
  _ = try withTorchErrors { Machine.instructions }
} catch {
  note("gan: \(error)")
  exit(ExitCode.validationFailure.rawValue)
}
Machine.keepFreedMemory()
Gan.main(Array(Invocation.arguments.dropFirst()))
