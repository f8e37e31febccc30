import GAN
import Testing

/// Translations that are bright where their sources are dark.
@Suite struct InversionAlarmTests: MadeEvents {
  private func alarms(_ correlation: (Int) -> Double) -> [Int] {
    var alarm = InversionAlarm()
    return (1...2000).compactMap { number in
      alarm.observe(step(number) { $0.scalars[.brightnessCorrelation] = correlation(number) })?.step
    }
  }

  @Test func itIsRaisedOnceWhenBrightnessIsInverted() {
    #expect(alarms { _ in -0.5 } == [200])
    #expect(alarms { _ in 0.2 }.isEmpty)
    #expect(alarms { $0 % 100 < 60 ? -0.5 : 0.9 }.isEmpty)
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
