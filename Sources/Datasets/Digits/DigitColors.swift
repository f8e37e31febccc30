/// Two distinguishable colours: one for the ink, a darker one for the paper.
struct DigitColors {
  private var ink: (Int, Int, Int)
  private var paper: (Int, Int, Int)

  /// The least difference in brightness, of 255, between ink and paper.
  private static let contrast = 90

  init(_ random: inout CounterRandom) {
    repeat {
      ink = Self.anyColor(&random)
      paper = Self.anyColor(&random)
    } while Self.brightness(ink) - Self.brightness(paper) < Self.contrast
  }

  /// Mixes the colours by the ink of the 784 `grey` pixels into red, green and blue, interleaved.
  func paint(_ grey: UnsafePointer<UInt8>, into pixels: UnsafeMutablePointer<UInt8>) {
    var pixel = 0
    while pixel < DigitRaster.pixels {
      let amount = Int(grey[pixel])
      let target = pixels + 3 * pixel
      target[0] = Self.mix(paper.0, ink.0, amount)
      target[1] = Self.mix(paper.1, ink.1, amount)
      target[2] = Self.mix(paper.2, ink.2, amount)
      pixel += 1
    }
  }

  private static func mix(_ paper: Int, _ ink: Int, _ amount: Int) -> UInt8 {
    UInt8((paper * (255 - amount) + ink * amount + 127) / 255)
  }

  private static func anyColor(_ random: inout CounterRandom) -> (Int, Int, Int) {
    (random.below(256), random.below(256), random.below(256))
  }

  /// The luma of ITU-R BT.601.
  private static func brightness(_ color: (Int, Int, Int)) -> Int {
    (299 * color.0 + 587 * color.1 + 114 * color.2) / 1000
  }
}
