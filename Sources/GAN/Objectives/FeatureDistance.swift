/// How far generated images lie from their targets in a discriminator's features: a term of G's loss for paired data (Wang et
/// al. 2018, pix2pixHD, arXiv:1711.11585, eq. 4), there with a weight of 10 and without a target in pixels.
///
/// ``FeatureMatching`` compares means over a batch, which takes no pairs.
public enum FeatureDistance {
  /// The sum over layers of the mean absolute difference of their maps.
  ///
  /// - Parameters:
  ///   - generated: the maps of generated images, a tensor for each layer.
  ///   - targets: those of their targets, which take no gradient.
  /// - Precondition: there are maps, of equally many layers.
  public static func l1(_ generated: [Tensor], _ targets: [Tensor]) -> Loss {
    precondition(
      !generated.isEmpty && generated.count == targets.count,
      "maps of \(generated.count) layers are compared with those of \(targets.count)")
    let distances = zip(generated, targets).map { Loss(($0 - $1.detached()).abs().mean()) }
    return distances.dropFirst().reduce(distances[0], +)
  }
}
