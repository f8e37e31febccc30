import Foundation

extension NetworkDescription {
  /// The number of elements of the generator's largest weight; the discriminator's largest is of that order too. A
  /// floating number, since sizes that come from outside can multiply beyond any whole one.
  ///
  /// - Throws: ``TrainingError`` when these networks cannot draw pictures of this shape.
  func largestWeight() throws(TrainingError) -> Double {
    let (latents, width) = (Double(generatorNetwork.latentSize), Double(baseWidth))
    let (channels, pixels) = (Double(shape.channels), Double(shape.height) * Double(shape.width))
    switch kind {
    case .mlp: return max(latents * width, 4 * width * width, 2 * width * channels * pixels)
    case .dcganKeras: return max(latents * width * pixels / 4, 200 * width * width, 25 * width * channels)
    case .dcgan:
      let plan = try DCGANPlan(height: shape.height, width: shape.width, baseWidth: 1)
      let features = plan.features.map { Double($0) * width }
      let ups = zip(features, features.dropFirst()).map { 16 * $0 * $1 }
      let smallest = Double(plan.smallest.0 * plan.smallest.1)
      return max(latents * features[0] * smallest, ups.max() ?? 0, 16 * (features.last ?? 0) * channels)
    case .resnet:
      let plan = try ResNetPlan(height: shape.height, width: shape.width, baseWidth: 1)
      let features = plan.features.map { Double($0) * width }
      let convolutions = zip(features, features.dropFirst()).map { 9 * max($0, $1) * $1 }
      let smallest = Double(plan.smallest.0 * plan.smallest.1)
      return max(latents * features[0] * smallest, convolutions.max() ?? 0, 9 * (features.last ?? 0) * channels)
    case .r3gan:
      let plan = try R3GANPlan(height: shape.height, width: shape.width, baseWidth: 1)
      let features = plan.features.map { Double($0) * width }
      // A block's 1x1 convolution to twice the channels; its 3x3 is of groups.
      return max(latents * features[0], 2 * features[0] * features[0], (features.last ?? 0) * channels)
    }
  }

  /// Throws when a game between such networks cannot fit into this machine's memory.
  func checkMemory() throws(TrainingError) {
    // Both players' weights and gradients, Adam's two moments of each, and the average, in float32.
    let bytes = try largestWeight() * 4 * 9
    let memory = Double(ProcessInfo.processInfo.physicalMemory)
    guard bytes <= memory else {
      func gigabytes(_ bytes: Double) -> String { "\((bytes / 1e8).rounded() / 10) GB" }
      throw TrainingError(
        "base_width=\(baseWidth) and latent_size=\(latentSize) make networks for \(shape.sizeText) pictures that need "
          + "more than \(gigabytes(bytes)) of memory, and this machine has \(gigabytes(memory)): take smaller ones")
    }
  }
}
