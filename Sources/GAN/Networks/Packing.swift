/// The packing of PacGAN (Lin et al. 2018, arXiv:1712.04086): D judges several pictures of one origin together, as the
/// channels of one, and sees at once where they lack variety.
public struct Packing: Sendable {
  /// How many pictures make a pack: the paper's m.
  public let count: Int

  /// Packs of `count`.
  public init(_ count: Int) { self.count = count }

  /// - Parameter images: `[N, C, H, W]`, N a multiple of ``count``.
  /// - Returns: consecutive pictures as one, `[N / count, count · C, H, W]`.
  public func callAsFunction(_ images: Images) -> Images {
    let shape = images.tensor.shape
    guard count > 1, shape.count == 4 else { return images }
    precondition(shape[0].isMultiple(of: count), "\(shape[0]) images do not make packs of \(count)")
    return Images(images.tensor.reshaped(shape[0] / count, shape[1] * count, shape[2], shape[3]))
  }
}
