import GAN
import Testing

/// Translations that are bright where their sources are dark.
@Suite struct InversionAlarmTests: MadeEvents {
  private func alarms(_ correlation: (Int) -> Double) -> [Int] {
    var alarm = InversionAlarm(setting: nil)
    return (1...2000).compactMap { number in
      alarm.observe(step(number) { $0.scalars[.brightnessCorrelation] = correlation(number) })?.step
    }
  }

  @Test func itIsRaisedOnceWhenBrightnessIsInverted() {
    #expect(alarms { _ in -0.5 } == [200])
    #expect(alarms { _ in 0.2 }.isEmpty)
    #expect(alarms { $0 % 100 < 60 ? -0.5 : 0.9 }.isEmpty)
  }

  /// What is advised can be typed in the game that raised it.
  @Test(arguments: [
    (CycleRecipe.cyclegan as any TranslatingRecipe, true), (ContrastiveRecipe.fastcut, true),
    (ContrastiveRecipe.cut, false),
  ])
  func adviceCanBeFollowed(recipe: any TranslatingRecipe, advisesASetting: Bool) throws {
    var recipe = recipe
    try recipe.set(all: ["base_width=1", "discriminator_width=1", "jitter=1"])
    let shape = SampleShape(channels: 1, height: 32, width: 32)
    let sides = try (0..<2).map { side in
      try Dataset(name: "side", columns: [.pictures([UInt8](repeating: UInt8(100 + side), count: 2048), shape)])
    }
    let data = try Dataset(name: "sides", columns: sides[0].columns, counterpart: sides[1])
    var alarms = Alarms(try recipe.makeGame(for: data, seed: 1).alarms)
    let raised = (1...200).flatMap { number in
      alarms.observe(step(number) { $0.scalars[.brightnessCorrelation] = -0.5 })
    }
    let advice = try #require(raised.first { $0.kind == "color-inversion" }).advice
    let settings = advice.matches(of: /--set ([a-z_]+)=([a-z0-9.]+)/)
    #expect(settings.isEmpty == !advisesASetting, "\(advice)")
    for setting in settings { try recipe.set(String(setting.1), String(setting.2)) }
    try recipe.validate(for: data)
  }

  @Test(arguments: [1, 3]) func correlationIsThatOfLuma(channels: Int) throws {
    let pictures = RandomStream(seed: 1).uniform([3, channels, 5, 4], -1, 1)
    func correlation(_ a: Tensor, _ b: Tensor) -> Double { BrightnessCorrelation.mean(Images(a), Images(b)).item }
    #expect(abs(correlation(pictures, pictures * 0.3 + 0.1) - 1) < 1e-5)
    #expect(abs(correlation(pictures, -pictures) + 1) < 1e-5)
    #expect(abs(correlation(pictures, pictures.zerosLike())) < 1e-5)
    let other = RandomStream(seed: 2).uniform([3, channels, 5, 4], -1, 1)
    func luma(_ x: Tensor, _ row: Int) -> [Double] {
      (0..<20).map { place in
        let values = (0..<channels).map { x[row][$0].flattened().reshaped(-1)[place].item }
        return channels == 3 ? 0.299 * values[0] + 0.587 * values[1] + 0.114 * values[2] : values[0]
      }
    }
    let byHand = (0..<3).map { row -> Double in
      let (a, b) = (luma(pictures, row), luma(other, row))
      let (ma, mb) = (a.reduce(0, +) / 20, b.reduce(0, +) / 20)
      let (ab, aa, bb) = zip(a, b).reduce((0.0, 0.0, 0.0)) {
        ($0.0 + ($1.0 - ma) * ($1.1 - mb), $0.1 + ($1.0 - ma) * ($1.0 - ma), $0.2 + ($1.1 - mb) * ($1.1 - mb))
      }
      return ab / (aa * bb).squareRoot()
    }
    #expect(abs(correlation(pictures, other) - byHand.reduce(0, +) / 3) < 1e-5)
  }
}
