import Foundation

extension NetworkDescription {
  /// Numbers in an image.
  var elements: Double { Double(shape.channels) * Double(shape.height) * Double(shape.width) }

  /// Throws when a game between such networks cannot fit into this machine's memory.
  func checkMemory() throws(TrainingError) {
    let largest = try kind.architecture.largestWeight(self)
    try GAN.checkMemory(largestWeight: largest, baseWidth: baseWidth, latentSize: latentSize, shape)
  }
}

/// Throws when two networks with a largest weight of so many elements each cannot be trained in this machine's memory.
func checkMemory(largestWeight: Double, baseWidth: Int, latentSize: Int, _ shape: SampleShape) throws(TrainingError) {
  // Both networks' weights and gradients, Adam's two moments of each, and the average, in float32.
  let bytes = largestWeight * 4 * 9
  let memory = Double(ProcessInfo.processInfo.physicalMemory)
  guard bytes <= memory else {
    func gigabytes(_ bytes: Double) -> String { "\((bytes / 1e8).rounded() / 10) GB" }
    throw TrainingError(
      "base_width=\(baseWidth) and latent_size=\(latentSize) make networks for \(shape.sizeText) pictures that need "
        + "more than \(gigabytes(bytes)) of memory, and this machine has \(gigabytes(memory)): take smaller ones")
  }
}
