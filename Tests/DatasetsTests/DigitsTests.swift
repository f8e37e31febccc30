import Datasets
import Files
import Testing

struct DigitsTests {
  /// Draws of other machines and builds must give these very bytes: recipes and published numbers rest on them.
  @Test func firstThousandImagesArePinned() {
    let (pixels, labels) = Digits.render(0..<1000, split: .train)
    let ofPixels = pixels.withUnsafeBytes { SHA256.digest($0) }
    let ofLabels = labels.withUnsafeBytes { SHA256.digest($0) }
    #expect(ofPixels == "08401e77c03b87a8a026c284372913ca909eedcc93b0a6eccd167ede10fdcd92")
    #expect(ofLabels == "e8fd66eb92ece7610adf1ae177f56e6229851ff873da8577bbd542d580cc60d9")
  }

  @Test func all70000ImagesAreDistinct() {
    var seen = Set<String>()
    for split in Split.allCases {
      let count = Digits.count(split)
      let (pixels, labels) = Digits.render(0..<count, split: split, threads: 2)
      #expect(pixels.count == count * 784 && labels.count == count)
      pixels.withUnsafeBytes { bytes in
        for image in 0..<count {
          seen.insert(SHA256.digest(UnsafeRawBufferPointer(rebasing: bytes[image * 784..<(image + 1) * 784])))
        }
      }
    }
    #expect(seen.count == 70_000)
  }

  @Test(arguments: Split.allCases) func classesAreBalancedAndShuffled(split: Split) {
    let labels = Digits.render(0..<2000, split: split).labels
    for digit in 0..<10 { #expect(labels.count { $0 == digit } == 200) }
    let blocks = stride(from: 0, to: labels.count, by: 10).map { Array(labels[$0..<$0 + 10]) }
    #expect(blocks.allSatisfy { $0.sorted() == Array(0...9) })
    #expect(Set(blocks).count > 190)
  }

  @Test(arguments: [1, 2, 3, 7]) func imagesDependOnTheirIndexAloneNotOnRangeOrThreads(threads: Int) {
    let whole = Digits.render(0..<60, split: .test, seed: 5, threads: 1)
    let part = Digits.render(23..<60, split: .test, seed: 5, threads: threads)
    #expect(part.pixels == Array(whole.pixels[23 * 784..<60 * 784]))
    #expect(part.labels == Array(whole.labels[23..<60]))
  }

  @Test func seedsAndSplitsDiffer() {
    let train = Digits.render(0..<20, split: .train, seed: 1)
    #expect(train.pixels != Digits.render(0..<20, split: .train, seed: 2).pixels)
    #expect(train.labels != Digits.render(0..<20, split: .train, seed: 2).labels)
    #expect(train.pixels != Digits.render(0..<20, split: .test, seed: 1).pixels)
  }

  @Test func anEmptyRangeGivesNothing() {
    let (pixels, labels) = Digits.render(5..<5, split: .train)
    #expect(pixels.isEmpty && labels.isEmpty)
  }

  /// MNIST's conventions: black paper, an empty margin, full ink, the centre of mass in the middle.
  @Test func picturesAreCentredWhiteOnBlack() {
    let count = 500
    let pixels = Digits.render(0..<count, split: .train).pixels
    var total = 0.0
    for image in 0..<count {
      let picture = Array(pixels[image * 784..<(image + 1) * 784])
      #expect(picture.first == 0 && picture.last == 0)
      #expect((picture.max() ?? 0) > 200)
      var (mass, x, y) = (0.0, 0.0, 0.0)
      for (place, value) in picture.enumerated() {
        mass += Double(value)
        x += Double(value) * (Double(place % 28) + 0.5)
        y += Double(value) * (Double(place / 28) + 0.5)
      }
      #expect(abs(x / mass - 14) < 2 && abs(y / mass - 14) < 2, "image \(image)")
      total += mass / 784 / 255
    }
    // MNIST's mean is 0.131.
    #expect(total / Double(count) > 0.11 && total / Double(count) < 0.15)
  }
}
