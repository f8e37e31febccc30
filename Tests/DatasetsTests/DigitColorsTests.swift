import Datasets
import Testing

struct DigitColorsTests {
  @Test func colorDigitsAreTheGreyOnesInTwoColors() {
    let count = 200
    let grey = Digits.render(0..<count, split: .test)
    let color = Digits.renderColor(0..<count, split: .test)
    #expect(color.labels == grey.labels)
    #expect(color.pixels.count == count * 784 * 3)
    var papers = Set<[UInt8]>()
    for image in 0..<count {
      func pixel(_ place: Int) -> [UInt8] {
        let start = 3 * (image * 784 + place)
        return Array(color.pixels[start..<start + 3])
      }
      let paper = pixel(0)
      papers.insert(paper)
      let ground = (0..<784).filter { grey.pixels[image * 784 + $0] == 0 }
      #expect(ground.allSatisfy { pixel($0) == paper }, "image \(image)")
      if let inked = (0..<784).first(where: { grey.pixels[image * 784 + $0] == 255 }) {
        #expect(brightness(pixel(inked)) - brightness(paper) >= 89, "image \(image)")
      }
    }
    #expect(papers.count > 190)
  }

  @Test func colorsDependOnTheirIndexAlone() {
    let whole = Digits.renderColor(0..<20, split: .train, threads: 2).pixels
    #expect(Digits.renderColor(13..<20, split: .train, threads: 1).pixels == Array(whole[13 * 2352..<20 * 2352]))
    #expect(Digits.renderColor(0..<20, split: .train, seed: 2).pixels != whole)
  }

  private func brightness(_ color: [UInt8]) -> Double {
    0.299 * Double(color[0]) + 0.587 * Double(color[1]) + 0.114 * Double(color[2])
  }
}
