/// What D is shown of images, real or generated: augmented, with noise. Gradients pass through.
struct View {
  let augmentation: Augmentation
  let noise: InstanceNoise
  let step: Int

  /// The view of `recipe` at step number `step`.
  init(_ recipe: Recipe, step: Int) {
    augmentation = Augmentation(recipe.augment)
    noise = InstanceNoise(deviation: recipe.instanceNoise, steps: recipe.instanceNoiseSteps)
    self.step = step
  }

  /// The images as D gets them; what is drawn comes from `random`.
  func callAsFunction(_ images: Images, _ random: RandomGenerator) -> Images {
    noise(augmentation(images, using: random), step: step, using: random)
  }
}
