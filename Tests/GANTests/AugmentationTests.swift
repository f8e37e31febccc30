import GAN
import TestFixtures
import Testing

@Suite struct AugmentationTests {
  private func change(_ images: Images, _ draws: Fixture.Case) throws -> Images {
    switch draws.name.split(separator: ".").last {
    case "flip": Flip(try draws["flips"])(images)
    case "color":
      ColorJitter(
        brightness: try draws["brightness"], saturation: try draws["saturation"], contrast: try draws["contrast"])(
          images)
    case "translation": Translation(rows: try draws["rows"], columns: try draws["columns"])(images)
    default: Cutout(rows: try draws["rows"], columns: try draws["columns"])(images)
    }
  }

  /// Also for pictures in the loader's order in memory, and through two derivatives, as R1 takes them.
  @Test(arguments: try fixture("augmentation").cases().filter { $0.contains(".") }, [false, true])
  func changesAndTheirDerivativesAgreeWithPyTorch(name: String, channelsLast: Bool) throws {
    let all = try fixture("augmentation")
    let expected = try all[name]
    let given = try all[String(name.prefix { $0 != "." })]["images"]
    let images = given.contiguous(channelsLast ? .channelsLast : .contiguous).requiringGradient()
    let output = try change(Images(images), expected).tensor
    #expect(output.deviation(from: try expected["output"]) < 1e-12)
    let loss = output.pow(3).sum() / 3
    let first = try #require(gradients(of: loss, with: [images], createGraph: true)[0])
    #expect(first.deviation(from: try expected["grad_images"]) < 1e-12)
    let second = try #require(gradients(of: first.squared().sum(), with: [images])[0])
    #expect(second.deviation(from: try expected["grad2_images"]) < 1e-12)
  }

  private func noise(_ shape: [Int]) -> Images {
    let values = Tensor.empty(shape)
    values.fillUniform(-1, 1, using: RandomGenerator(seed: 2))
    return Images(values)
  }

  @Test(arguments: AugmentationKind.allCases) func theSameDrawsGiveTheSamePictures(kind: AugmentationKind) {
    // Turns are for square pictures.
    let shape = [16, 3, 16, kind == .rotation ? 16 : 24]
    let images = noise(shape)
    let augmentation = Augmentation([kind])
    let one = augmentation(images, using: RandomStream(seed: 1)).tensor
    #expect(one.shape == shape && one.dtype == .float32)
    #expect(one.isIdentical(to: augmentation(images, using: RandomStream(seed: 1)).tensor))
    #expect(!one.isIdentical(to: augmentation(images, using: RandomStream(seed: 3)).tensor))
  }

  @Test func kindsAreAppliedInTheirOrder() {
    let images = noise([8, 3, 16, 16])
    let random = RandomStream(seed: 1)
    let both = Augmentation([.translation, .color])(images, using: RandomStream(seed: 1)).tensor
    let moved = Translation(count: 8, height: 16, width: 16, using: random)(images)
    #expect(both.isIdentical(to: ColorJitter(count: 8, using: random)(moved).tensor))
    #expect(Augmentation([])(images, using: random).tensor.isSame(as: images.tensor))
  }

  @Test func grayPicturesStayWhatTheyAreUnderSaturation() {
    let images = noise([4, 1, 5, 5])
    let (zeros, ones) = (Tensor.zeros([4]), Tensor.ones([4]))
    let changed = ColorJitter(brightness: zeros, saturation: .full([4], 1.7), contrast: ones)(images)
    #expect(changed.tensor.deviation(from: images.tensor) < 1e-6)
  }

  /// Every move that can be drawn is drawn, and no other: 32 / 8 pixels down, 28 / 8 to the right, rounded up at the half.
  @Test func movesReachAnEighthOfEachSide() {
    let moves = Translation(count: 2000, height: 32, width: 28, using: RandomStream(seed: 1))
    #expect(Set(moves.rows.array(of: Int64.self)) == Set(-4...4))
    #expect(Set(moves.columns.array(of: Int64.self)) == Set(-4...4))
  }

  /// Windows of 3 rows by 5 columns: 6 places for the middle of the one, 9 for that of the other.
  @Test func windowsAreUniformOverThePicture() {
    let windows = Cutout(count: 2000, height: 6, width: 9, using: RandomStream(seed: 1))
    #expect(Set(windows.rows.array(of: Int64.self)) == Set(0...5))
    #expect(Set(windows.columns.array(of: Int64.self)) == Set(0...8))
  }

  @Test func aboutHalfOfThePicturesAreMirrored() {
    let flips = Flip(count: 10_000, using: RandomStream(seed: 1)).flips
    #expect(Set(flips.array(of: Int64.self)) == [0, 1])
    // Three deviations of a fair coin.
    #expect(abs(flips.to(.float64).mean().item - 0.5) < 0.015)
  }

  @Test func coloursAreUniformOverTheirRanges() {
    let jitter = ColorJitter(count: 10_000, using: RandomStream(seed: 1))
    for (numbers, low, high) in [
      (jitter.brightness, -0.5, 0.5), (jitter.saturation, 0, 2), (jitter.contrast, 0.5, 1.5),
    ] {
      #expect(numbers.min().item >= low && numbers.max().item < high)
      let width = high - low
      #expect(abs(numbers.mean().item - (low + high) / 2) < 0.01 * width)
      #expect(abs(numbers.variance(axes: [0]).item - width * width / 12) < 0.01 * width * width)
    }
  }
}
