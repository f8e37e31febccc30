// The games that came after DCGAN, with the objective, penalties, optimizer and critic steps of their papers, on networks small
// enough for two cores, without the papers' learning rate schedules.
extension AdversarialRecipe {
  /// Least squares on DCGAN's networks (Mao et al. 2017).
  public static var lsgan: AdversarialRecipe {
    var recipe = AdversarialRecipe(
      "lsgan", purpose: "least-squares loss, which does not saturate, on DCGAN's networks (Mao et al. 2017)",
      network: .dcgan, steps: 5_000)
    recipe.objective = .leastSquares
    return recipe
  }

  /// The Wasserstein game with clipped weights (Arjovsky et al. 2017, algorithm 1).
  public static var wgan: AdversarialRecipe {
    var recipe = AdversarialRecipe(
      "wgan", purpose: "the Wasserstein game with clipped weights: its loss tracks progress (Arjovsky et al. 2017)",
      network: .dcgan, steps: 5_000)
    recipe.objective = .wasserstein
    recipe.penalties.weightClip = 0.01
    recipe.criticSteps = 5
    recipe.eachPlayer {
      $0.optimizer = .rmsprop
      $0.learningRate = 5e-5
    }
    return recipe
  }

  /// The Wasserstein game with a gradient penalty (Gulrajani et al. 2017, algorithm 1); no norm in D: the penalty does not
  /// need the paper's layer norm.
  public static var wganGP: AdversarialRecipe {
    var recipe = AdversarialRecipe(
      "wgan-gp", purpose: "the Wasserstein game with a gradient penalty, five critic steps (Gulrajani et al. 2017)",
      network: .dcgan, steps: 3_000)
    recipe.objective = .wasserstein
    recipe.discriminatorNorm = DiscriminatorNorm.none
    recipe.penalties.gradientPenalty = 10
    recipe.criticSteps = 5
    recipe.eachPlayer {
      $0.learningRate = 1e-4
      $0.beta1 = 0
      $0.beta2 = 0.9
    }
    return recipe
  }

  /// Residual networks with spectral norm and the hinge loss (Miyato et al. 2018, appendix B.4).
  public static var sngan: AdversarialRecipe {
    var recipe = AdversarialRecipe(
      "sngan", purpose: "residual networks, spectral norm, hinge loss, five steps of D (Miyato et al. 2018)",
      network: .resnet, steps: 3_000)
    recipe.latentSize = 128
    recipe.objective = .hinge
    recipe.criticSteps = 5
    recipe.eachPlayer {
      $0.beta1 = 0
      $0.beta2 = 0.9
    }
    return recipe
  }

  /// The networks and the game of R3GAN (Huang et al. 2024): relativistic pairing, R1 and R2.
  public static var r3gan: AdversarialRecipe {
    var recipe = AdversarialRecipe(
      "r3gan", purpose: "the relativistic game with R1 and R2, networks without normalisation (Huang et al. 2024)",
      network: .r3gan, steps: 5_000)
    recipe.latentSize = 64
    recipe.objective = .relativisticPairing
    recipe.penalties.r1 = 1
    recipe.penalties.r2 = 1
    recipe.eachPlayer {
      $0.beta1 = 0
      $0.beta2 = 0.99
    }
    return recipe
  }

  /// DCGAN whose discriminator judges pairs (Lin et al. 2018).
  public static var pacgan: AdversarialRecipe {
    var recipe = AdversarialRecipe(
      "pacgan", purpose: "DCGAN whose discriminator judges images in pairs, against mode collapse (Lin et al. 2018)",
      network: .dcgan, steps: 5_000)
    recipe.packing = 2
    return recipe
  }

  /// Class-conditional DCGAN (Mirza and Osindero 2014).
  public static var cdcgan: AdversarialRecipe {
    var recipe = AdversarialRecipe(
      "cdcgan", purpose: "class-conditional DCGAN: both players see the label (Mirza and Osindero 2014)",
      network: .dcgan, steps: 5_000)
    recipe.conditionGenerator = .concatenation
    recipe.conditionDiscriminator = .concatenation
    return recipe
  }

  /// Class-conditional DCGAN whose discriminator also predicts the class (Odena et al. 2017).
  public static var acgan: AdversarialRecipe {
    var recipe = AdversarialRecipe(
      "acgan", purpose: "class-conditional DCGAN: D also predicts the class (ACGAN: Odena et al. 2017)",
      network: .dcgan, steps: 5_000)
    recipe.conditionGenerator = .concatenation
    recipe.conditionDiscriminator = .auxiliary
    return recipe
  }

  /// Class-conditional SNGAN: conditional batch norm and a projection discriminator (Miyato and Koyama 2018).
  public static var snganProjection: AdversarialRecipe {
    var recipe = sngan
    recipe.name = "sngan-projection"
    recipe.purpose = "class-conditional sngan with a projection discriminator (Miyato and Koyama 2018)"
    recipe.conditionGenerator = .batchNorm
    recipe.conditionDiscriminator = .projection
    return recipe
  }

  /// StyleGAN2's networks and game (Karras et al. 2020, arXiv:1912.04958): style mixing, R1 and path lengths as there, lazy, and the
  /// learning rate and two mapping layers of the configuration `auto` of StyleGAN2-ADA's code. That takes R1 with γ = 0.0002 H W /
  /// batch, which is less for small pictures than here.
  public static var stylegan2: AdversarialRecipe {
    var recipe = AdversarialRecipe(
      "stylegan2",
      purpose: "styles of a mapping network, modulated convolutions, R1 and path lengths (Karras et al. 2020)",
      network: .stylegan2, steps: 5_000)
    recipe.latentSize = 512
    recipe.styleMixing = 0.9
    recipe.minibatchDeviation = true
    recipe.penalties.r1 = 0.1
    recipe.penalties.interval = 16
    recipe.pathLength = 2
    recipe.averageDecay = 0.998
    recipe.eachPlayer {
      $0.learningRate = 2.5e-3
      $0.beta1 = 0
      $0.beta2 = 0.99
    }
    return recipe
  }

  /// FastGAN's networks and game (Liu et al. 2021, arXiv:2101.04775): skip-layer excitation, a discriminator that reconstructs real
  /// images, hinge loss, and augmentation by color and translation, rates and average as in the authors' code. That takes batches
  /// of 8 and draws D's margins from 0.8 to 1.
  public static var fastgan: AdversarialRecipe {
    var recipe = AdversarialRecipe(
      "fastgan", purpose: "skip-layer excitation, and a discriminator that reconstructs images (Liu et al. 2021)",
      network: .fastgan, steps: 5_000)
    recipe.latentSize = 256
    recipe.objective = .hinge
    recipe.reconstruction = 1
    recipe.augment = [.color, .translation]
    return recipe
  }

  /// The game of Projected GANs (Sauer et al. 2021, arXiv:2111.01007) on DCGAN's generator: hinge loss, rates and augmentation of
  /// the paper, which takes FastGAN's generator or StyleGAN2's, batches of 64 and features of ImageNet.
  public static var projected: AdversarialRecipe {
    var recipe = AdversarialRecipe(
      "projected",
      purpose: "D sees pictures as features of an encoder that is trained on them first (Sauer et al. 2021)",
      network: .dcgan, steps: 5_000)
    recipe.latentSize = 256
    recipe.projected = true
    recipe.discriminatorNorm = .spectral
    recipe.objective = .hinge
    recipe.augment = [.color, .translation, .cutout]
    recipe.eachPlayer {
      $0.beta1 = 0
      $0.beta2 = 0.99
    }
    return recipe
  }

  /// Makes the same changes to both players.
  mutating func eachPlayer(_ change: (inout PlayerSettings) -> Void) {
    change(&generator)
    change(&discriminator)
  }
}
