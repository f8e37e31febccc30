import GAN
import TestFixtures
import Testing
import Torch

extension PretendedGPUTests {
  /// Rows of data on their way to a device and back, and models that are used there.
  @Suite struct Uploads {
    private static let shape = SampleShape(channels: 3, height: 4, width: 4)

    private func data() throws -> Dataset {
      let pixels = (0..<6 * 48).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      return try Dataset(
        name: "pixels",
        columns: [
          .pictures(pixels, Self.shape), .labels([2, 0, 1, 1, 0, 2]),
          .points((0..<12).map { Float($0) / 13 }, name: "places"),
        ])
    }

    /// One copy a column, of as many bytes as files hold, and the host's numbers in the host's order.
    @Test func aBatchIsUploadedAsItIsStored() throws {
      let (device, data) = (try Device.pretended, try data())
      let stored = try BatchLoader(data, batchSize: 6, seed: 1).next()
      let host = Batch(stored)
      let (batch, counts) = counted { Batch(stored, on: device) }
      #expect(counts.values_read == 0 && counts.uploads == Int64(host.names.count) && batch.names == host.names)
      for name in batch.names {
        let (moved, there) = (try #require(batch[name]), try #require(host[name]))
        #expect(moved.device == device && moved.strides == there.strides)
        #expect(moved.to(.cpu).isIdentical(to: there), "\(name)")
      }
    }

    @Test func whatLeavesADeviceIsWhatLeavesTheHost() throws {
      let (device, data) = (try Device.pretended, try data())
      for column in data.columns {
        let domain = column.format.domain
        // Values that no file holds, but for classes.
        let host = column.format.kind == .labels ? domain.tensor(column) : domain.tensor(column) * 1.1
        let moved = host.to(device)
        let rounded = try withTorchErrors { domain.rounded(moved) }
        #expect(rounded.device == device && rounded.to(.cpu).isIdentical(to: domain.rounded(host)))
        func bytes(_ values: Tensor) -> [UInt8] { domain.stored(values).withUnsafeBytes { Array($0) } }
        #expect(bytes(moved) == bytes(host))
        #expect(try domain.preview(moved) == domain.preview(host))
      }
    }

    private func sampler(_ device: Device, _ classes: Sampler.ClassChoice, truncation: Double? = nil) throws -> Sampler
    {
      var description = NetworkDescription(
        .dcgan, latentSize: 4, shape: SampleShape(channels: 1, height: 12, width: 12), baseWidth: 2)
      (description.classTable, description.conditioning) = (try ClassTable(counts: [3, 0, 1]), .concatenation)
      let generator = try description.makeGenerator(random: RandomGenerator(seed: 1), device: device)
      return Sampler(generator, seed: 2, batch: 5, truncation: truncation, classes: classes)
    }

    @Test(arguments: [Sampler.ClassChoice.drawn, .inTurn, .only(2)]) func samplesAreTheHosts(
      classes: Sampler.ClassChoice
    ) throws {
      let device = try Device.pretended
      let (host, other) = (try sampler(.cpu, classes, truncation: 0.7), try sampler(device, classes, truncation: 0.7))
      #expect(other.model.device == device && host.model.device == .cpu)
      var (expected, found): ([Tensor], [Tensor]) = ([], [])
      try host.forEachBatch(12) { expected.append($0[.images].tensor) }
      try withoutReads { try other.forEachBatch(12) { found.append($0[.images].tensor) } }
      #expect(found.allSatisfy { $0.device == device } && found.count == 3)
      for (a, b) in zip(expected, found) { #expect(b.to(.cpu).deviation(from: a) < 1e-5) }
      #expect(try other.preview(6).fileExtension == "png")
    }

    /// Judges compute on the host: a batch comes there at once.
    @Test func judgesGetTheHostsTensors() throws {
      let samples = try ModelSamples(try sampler(try .pretended, .drawn), count: 12)
      var counts: [Int] = []
      let (_, crossed) = try counted {
        try samples.forEachBatch { batch in
          #expect(batch.device == .cpu)
          counts.append(batch.count)
        }
      }
      #expect(crossed.values_read == Int64(counts.reduce(0, +)) && counts == [720, 720, 288])
    }
  }
}
