import GAN
import TestFixtures
import Testing

@Suite struct PackingTests {
  @Test func consecutivePicturesBecomeChannels() {
    let images = Tensor.range(2 * 3 * 4 * 4 * 5, dtype: .float32).reshaped(6, 4, 4, 5)
    for given in [images, images.contiguous(.channelsLast)] {
      let packs = Packing(3)(Images(given)).tensor
      #expect(packs.shape == [2, 12, 4, 5])
      for index in 0..<6 {
        #expect(packs[index / 3].slice(0, from: index % 3 * 4, count: 4).isIdentical(to: images[index]))
      }
    }
    #expect(Packing(1)(Images(images)).tensor.isSame(as: images))
  }
}
