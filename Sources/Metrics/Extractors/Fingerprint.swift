import Files
import NN
import Torch

/// SHA-256 of `text`, in hexadecimal: the fingerprint of a rule that has no weights.
func fingerprint(of text: String) -> String { Array(text.utf8).withUnsafeBytes { SHA256.digest($0) } }

/// SHA-256, in hexadecimal, of a network: `architecture`, then name, shape and row-major elements of every tensor of real
/// numbers in the order of registration. It is the same wherever the weights lie.
func fingerprint(of state: StateDict, architecture: String) -> String {
  var hash = SHA256()
  hash.update("\(architecture)\n".utf8)
  for entry in state.entries where entry.tensor.dtype.isFloatingPoint {
    hash.update("\(entry.name) \(entry.tensor.shape)\n".utf8)
    entry.tensor.detached().to(.cpu).contiguous().withUnsafeBytes { hash.update($0) }
  }
  return hash.finish()
}
