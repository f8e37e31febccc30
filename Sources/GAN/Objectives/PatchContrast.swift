private let logSoftmax = Operation("aten::log_softmax", "int")
private let diagonal = Operation("aten::diagonal")
private let product = Operation("aten::bmm")

/// The contrastive loss of patches (Park et al. 2020, arXiv:2007.15651, eq. 2 and 3; `PatchNCELoss` of the authors' code):
/// each feature of a translation is to be told, by cosine similarity, as that of the same place of its source among those
/// of other places of the same source.
///
/// The authors' code also lets the place itself stand among the negatives, with a similarity of −10: less than one part in
/// 10⁵⁵ of the sum, which no float tells from none.
public struct PatchContrast: Sendable {
  /// What similarities are divided by.
  public let temperature: Double

  /// A loss of this temperature, 0.07 in the paper.
  public init(temperature: Double = 0.07) { self.temperature = temperature }

  /// The mean cross entropy over all places of all images.
  ///
  /// - Parameters:
  ///   - translations: features of length 1, `[images · places, width]`, image after image.
  ///   - sources: those of the same places; they get no gradient.
  public func callAsFunction(_ translations: Tensor, _ sources: Tensor, images: Int) -> Loss {
    let width = translations.size(1)
    let queries = translations.reshaped(images, -1, width)
    let keys = sources.detached().reshaped(images, -1, width)
    let similarities = product(.tensor(queries), .tensor(keys.transposed(1, 2))) / temperature
    let matched = diagonal(.tensor(logSoftmax(.tensor(similarities), .int(2))), .int(0), .int(1), .int(2))
    return Loss(-matched.mean())
  }
}
