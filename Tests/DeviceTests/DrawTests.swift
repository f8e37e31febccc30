import GAN
import TestFixtures
import Testing
import Torch

extension PretendedGPUTests {
  /// What is drawn and what is brought to a device: the host's numbers, drawn there, none of which comes back.
  @Suite struct Draws {
    /// What `draw` gives on both devices, brought to the host.
    private func onBoth(uploads: Int64 = 0, _ draw: (Device) throws -> Tensor) throws -> (host: Tensor, device: Tensor)
    {
      let device = try Device.pretended
      let (drawn, counts) = try counted { try withTorchErrors { try draw(device) } }
      #expect(counts.values_read == 0 && counts.uploads == uploads)
      #expect(drawn.device == device)
      return (try draw(.cpu), drawn.to(.cpu))
    }

    /// Rows whose numbers fill both halves of the counter's last words.
    @Test(arguments: [0, UInt64.max, 0x299F_31D0_A409_3822], [0, (1 << 32) - 1] as [Int])
    func rowsAreTheHosts(seed: UInt64, first: Int) throws {
      let (count, size, stream) = (3, 7, UInt32.max)
      let uniform = try onBoth {
        .uniformRows(count: count, size: size, seed: seed, stream: stream, first: first, device: $0)
      }
      let whole = try onBoth {
        .wholeNumberRows(
          count: count, size: size, in: -5..<70_000, seed: seed, stream: stream, first: first, device: $0)
      }
      let normal = try onBoth {
        .normalRows(count: count, size: size, seed: seed, stream: stream, first: first, device: $0)
      }
      #expect(uniform.device.isIdentical(to: uniform.host) && whole.device.isIdentical(to: whole.host))
      // Logarithm, sine and cosine of another library may differ in the last bit of a double.
      #expect(normal.device.deviation(from: normal.host) < 1e-7)
    }

    @Test func streamsAreTheHosts() throws {
      func all(_ device: Device) -> Tensor {
        let stream = RandomStream(seed: 3, device: device)
        return .concatenated(
          [
            stream.uniform([4, 3], -0.5, 2), stream.normal([4, 2], deviation: 3),
            stream.wholeNumbers([4, 1], in: 0..<9).to(.float32),
          ].map { $0.reshaped(4, -1) }, axis: 1)
      }
      let drawn = try onBoth { all($0) }
      #expect(drawn.device.deviation(from: drawn.host) < 1e-6)
    }

    @Test(arguments: AugmentationKind.allCases) func augmentationIsTheHosts(kind: AugmentationKind) throws {
      let images = draws([6, 3, 8, 8], .float32, seed: 1)
      let pretended = images.to(try .pretended)
      let changed = try onBoth { device in
        let augmentation = Augmentation([kind])
        let random = RandomStream(seed: 2, device: device)
        return augmentation(Images(device == .cpu ? images : pretended), using: random).tensor
      }
      #expect(changed.device.deviation(from: changed.host) < 1e-6)
      #expect(!changed.host.isIdentical(to: images))
    }

    @Test func instanceNoiseIsTheHosts() throws {
      let images = draws([6, 3, 8, 8], .float32, seed: 1)
      let pretended = images.to(try .pretended)
      let noisy = try onBoth { device in
        let noise = InstanceNoise(deviation: 0.5, steps: 0)
        return noise(
          Images(device == .cpu ? images : pretended), step: 0, using: RandomStream(seed: 2, device: device)
        ).tensor
      }
      #expect(noisy.device.deviation(from: noisy.host) < 1e-6)
    }

    /// The bounds between the classes are what is uploaded.
    @Test func classesAreTheHosts() throws {
      let table = try ClassTable(counts: [5, 0, 2, 9])
      let classes = try onBoth(uploads: 1) { table.drawn(500, seed: 1, first: 20, device: $0) }
      #expect(classes.device.isIdentical(to: classes.host))
    }

    @Test func leCamsMeansAreTheHosts() throws {
      func means(_ averages: ScoreAverages, _ device: Device) -> [Tensor] {
        let scores = draws([2, 5, 4, 1], .float32, seed: 1).to(device)
        return withoutReads {
          for step in 0..<5 {
            for part in 0..<2 {
              averages.update(real: Scores(scores[0][step]), fake: Scores(scores[1][step]), part: part)
            }
          }
          return averages.tensors.map(\.tensor)
        }.map { $0.to(.cpu) }
      }
      let device = try Device.pretended
      let (host, other) = (
        means(ScoreAverages(decay: 0.6), .cpu), means(ScoreAverages(decay: 0.6, device: device), device)
      )
      for (a, b) in zip(host, other) { #expect(a.deviation(from: b) < 1e-12) }
      #expect(host[2].item == 5)
    }
  }
}
