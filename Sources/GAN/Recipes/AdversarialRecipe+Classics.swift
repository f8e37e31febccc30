extension AdversarialRecipe {
  /// Fully connected networks: the textbook game in its simplest form, fast on pictures of a few hundred pixels.
  public static var mlp: AdversarialRecipe {
    var recipe = AdversarialRecipe(
      "mlp", purpose: "fully connected networks: the textbook game, fast on small pictures and points in the plane",
      network: .mlp, steps: 20_000)
    recipe.batch = 128
    // Fully connected networks tolerate larger steps than DCGAN's 2e-4, and on MNIST they learn better with them.
    recipe.generator.learningRate = 5e-4
    recipe.discriminator.learningRate = 5e-4
    return recipe
  }

  /// DCGAN with the settings of its paper (Radford et al. 2016), batch 64.
  public static var dcgan: AdversarialRecipe {
    AdversarialRecipe(
      "dcgan", purpose: "convolutional networks (Radford et al. 2016), for sides of k·2ⁿ pixels up to 256",
      network: .dcgan, steps: 5_000)
  }

  /// The game of TensorFlow's well-known DCGAN tutorial: both players at once, batch 256, Adam 1e-4, 50 epochs of MNIST.
  /// The one-stage update gives the tutorial's gradients.
  public static var dcganKeras: AdversarialRecipe {
    var recipe = AdversarialRecipe(
      "dcgan-keras", purpose: "the networks and settings of TensorFlow's DCGAN tutorial, for comparison",
      network: .dcganKeras, steps: 11_700)
    recipe.batch = 256
    recipe.update = .oneStage
    recipe.eachPlayer {
      $0.learningRate = 1e-4
      $0.beta1 = 0.9
      $0.epsilon = 1e-7
    }
    return recipe
  }

  /// All named recipes of the adversarial game; ``AutoRecipe`` makes another one to measure.
  public static var all: [AdversarialRecipe] {
    [
      dcgan, mlp, dcganKeras, lsgan, wgan, wganGP, sngan, r3gan, pacgan, cdcgan, acgan, snganProjection, stylegan2,
      fastgan, projected,
    ]
  }
}
