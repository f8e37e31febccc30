// Which game `auto` plays on which data.
extension AutoRecipe {
  /// Fewer pictures than these are few: D would learn them by heart.
  static let few = 5_000

  /// Network and terms for a data set, and why.
  static func game(for data: Dataset) throws -> (Recipe, [String]) {
    if data.kind == .plane { return plane }
    let shape = data.shape
    guard (try? DCGANPlan(height: shape.height, width: shape.width, baseWidth: 1)) != nil else { return flat(shape) }
    return pictures(data)
  }

  /// Points of the plane: small networks in float32, since bfloat16 would round coordinates.
  private static var plane: (Recipe, [String]) {
    var recipe = Recipe(name, purpose: purpose, network: .mlp, steps: 1)
    recipe.baseWidth = 64
    recipe.latentSize = 2
    recipe.batch = 128
    recipe.precision = .float32
    return (recipe, ["fully connected networks of base width 64 in float32: points of the plane need exact numbers"])
  }

  /// Pictures whose sides no convolutional network here can draw.
  private static func flat(_ shape: SampleShape) -> (Recipe, [String]) {
    var recipe = Recipe.mlp
    (recipe.name, recipe.purpose) = (name, purpose)
    let why =
      "fully connected networks: convolutions draw sides of k·2ⁿ pixels, k from 3 to 7, and not \(shape.sizeText)"
    return (recipe, ["\(why); --size can change that"])
  }

  private static func pictures(_ data: Dataset) -> (Recipe, [String]) {
    let shape = data.shape
    var recipe = Recipe(name, purpose: purpose, network: .dcgan, steps: 1)
    recipe.discriminatorNorm = DiscriminatorNorm.none
    // Twice the side is four times the work; half the width takes that back.
    recipe.baseWidth = max(shape.height, shape.width) <= 48 ? 64 : 32
    var reasons = [
      "dcgan's convolutions, base width \(recipe.baseWidth), no norm in D: of the networks here they learn most in a minute"
        + " of a processor's time"
    ]
    recipe.batch = min(64, max(8, data.count / 4))
    if data.count < few {
      recipe.augment = data.shape.channels == 3 ? [.color, .translation, .cutout] : [.translation, .cutout]
      let kinds = recipe.augment.map(\.rawValue).joined(separator: ",")
      reasons.append(
        "augment=\(kinds): \(data.count) pictures are few, and D would learn them by heart (flip too where left and right "
          + "are alike)")
    }
    return (recipe, reasons)
  }
}
