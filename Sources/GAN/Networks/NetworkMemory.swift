import Foundation

extension NetworkDescription {
  /// Numbers in an image.
  var elements: Double { Double(shape.channels) * Double(shape.height) * Double(shape.width) }

  /// Throws when a game between such networks cannot fit into this machine's memory.
  func checkMemory() throws(TrainingError) {
    // Both players' weights and gradients, Adam's two moments of each, and the average, in float32.
    let bytes = try kind.architecture.largestWeight(self) * 4 * 9
    let memory = Double(ProcessInfo.processInfo.physicalMemory)
    guard bytes <= memory else {
      func gigabytes(_ bytes: Double) -> String { "\((bytes / 1e8).rounded() / 10) GB" }
      throw TrainingError(
        "base_width=\(baseWidth) and latent_size=\(latentSize) make networks for \(shape.sizeText) pictures that need "
          + "more than \(gigabytes(bytes)) of memory, and this machine has \(gigabytes(memory)): take smaller ones")
    }
  }
}
