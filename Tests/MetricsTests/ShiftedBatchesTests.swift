import Datasets
import Metrics
import Samples
import Testing
import Torch

@Suite struct ShiftedBatchesTests {
  /// The samples of 28x28 whose pixels, moved by at most two, are those of `picture`; edges are repeated.
  private func origins(of picture: [Float], among samples: [[Float]], side: Int) -> [Int] {
    func isMoved(_ sample: [Float], _ down: Int, _ right: Int) -> Bool {
      (0..<side * side).allSatisfy { place in
        let row = min(max(place / side - down, 0), side - 1)
        let column = min(max(place % side - right, 0), side - 1)
        return picture[place] == sample[row * side + column]
      }
    }
    return samples.indices.filter { index in
      (-2...2).contains { down in (-2...2).contains { isMoved(samples[index], down, $0) } }
    }
  }

  @Test func anEpochHoldsEachSampleOnceMovedALittle() throws {
    try withFolder { folder in
      let data = try ToyPictures(folder: folder, side: 28).load(.train)
      let pixels = try data.samples(0..<data.count).array(of: Float.self)
      let samples = (0..<data.count).map { Array(pixels[($0 * 784)..<(($0 + 1) * 784)]) }
      let indices = Array(stride(from: 1, to: 80, by: 2))
      var batches = ShiftedBatches(data, indices: indices, batchSize: 10, seed: 5)
      var found: [Int] = []
      var moved = 0
      for number in 0..<4 {
        let (images, labels) = try batches.batch(number)
        #expect(images.shape == [10, 1, 28, 28])
        let (values, classes) = (images.array(of: Float.self), labels.array(of: Int.self))
        for row in 0..<10 {
          let picture = Array(values[(row * 784)..<((row + 1) * 784)])
          let origin = try #require(origins(of: picture, among: samples, side: 28).first)
          #expect(Int32(classes[row]) == data.labels?[origin])
          found.append(origin)
          moved += picture == samples[origin] ? 0 : 1
        }
      }
      #expect(found.sorted() == indices && found != indices)
      #expect(moved > 20)
    }
  }

  @Test func aBatchIsAFunctionOfItsNumberAndTheSeed() throws {
    try withFolder { folder in
      let data = try ToyPictures(folder: folder).load(.train)
      func batch(_ number: Int, seed: UInt64) throws -> Tensor {
        var batches = ShiftedBatches(data, indices: Array(0..<200), batchSize: 20, seed: seed)
        return try batches.batch(number).images
      }
      let first = try batch(13, seed: 1)
      #expect(try first.isIdentical(to: batch(13, seed: 1)))
      #expect(try !first.isIdentical(to: batch(3, seed: 1)) && !first.isIdentical(to: batch(13, seed: 2)))
    }
  }

  @Test func samplesAreTensors() throws {
    try withFolder { folder in
      let data = try ToyPictures(folder: folder).load(.train)
      let (all, part) = (try data.samples(0..<200), try data.samples(50..<53))
      #expect(part.shape == [3, 1, 12, 12] && part.isIdentical(to: all[50..<53].contiguous()))
      let first = data.withUnsafeBytes { Float($0[50 * 144]) }
      #expect(part.array(of: Float.self)[0] == first * (2.0 / 255) - 1)
      let points = try DataSource("ring8").load(.train)
      let stored = points.withUnsafeBytes { Array($0.bindMemory(to: Float.self)[4..<8]) }
      #expect(try points.samples(2..<4).array(of: Float.self) == stored)
    }
  }
}
