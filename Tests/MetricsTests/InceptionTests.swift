import Files
import Foundation
import Metrics
import NN
import TestFixtures
import Testing
import Torch

@Suite struct InceptionTests {
  /// The weights of `Tools/reference/inception_fixtures.py`, which keep what flows through the network about as large as
  /// it came in.
  private static func weight(_ name: String, _ shape: [Int]) -> Tensor {
    let hashed = Hashed(name)
    let count = shape.reduce(1, *)
    let values = (0..<count).map { place -> Float in
      let draw = hashed.uniform(place)
      if name.hasSuffix("bn.running_var") { return Float(1 + 0.5 * draw) }
      if name.hasSuffix("bn.weight") { return Float(1 + 0.2 * draw) }
      if shape.count == 1 { return Float(0.2 * draw) }
      return Float(draw * (6 / Double(count / shape[0])).squareRoot())
    }
    return Tensor(values, shape: shape)
  }

  private static func weights() -> [String: Tensor] {
    let empty = InceptionV3(StateDict(random: RandomGenerator(seed: 0)))
    let named = empty.state.entries.filter { $0.tensor.dtype == .float32 }.map { entry in
      (entry.name, weight(entry.name, entry.tensor.shape))
    }
    return Dictionary(uniqueKeysWithValues: named)
  }

  @Test func itAgreesWithTorchFidelity() throws {
    let inception = try InceptionFeatures(Self.weights(), resize: .legacy)
    let fixture = try Fixture("inception", in: .module)
    for name in try fixture.cases() {
      let known = try fixture[name]
      let ((height, width), count) = (try known.pair("size"), try known.whole("count"))
      let pixels = Hashed(name).pixels(count * 3 * height * width)
      let features = try inception(Tensor(levels: pixels, shape: [count, 3, height, width]))
      #expect(features.values.deviation(from: try known["features"]) < 1e-4, "\(name)")
      let logits = try #require(features.logits)
      #expect(logits.shape == [count, 1, 1008])
      #expect(logits.reshaped(count, 1008).deviation(from: try known["logits"]) < 1e-4, "\(name)")
    }
    // Grey pictures are coloured ones whose channels are the same.
    let grey = waves([1, 1, 20, 20])
    let coloured = Tensor.concatenated([grey, grey, grey], axis: 1)
    #expect(try inception(grey).values.deviation(from: inception(coloured).values.to(.float64)) < 1e-5)
    #expect(throws: MetricError.self) { try inception(waves([1, 2, 20, 20])) }
  }

  @Test func weightsThatAreNoneOfItsOwnAreNamed() throws {
    try withFolder { folder in
      let path = folder + "/w.safetensors"
      func fault(_ tensors: [String: Tensor]) throws -> String? {
        try SafetensorsWriter.write(tensors.map { SafetensorsWriter.Item($0.key, $0.value) }, to: path)
        let error = #expect(throws: FileError.self) { try InceptionFeatures(contentsOf: path) }
        return error?.reason
      }
      let lacking = try fault(["fc.weight": .zeros([1008, 2048])])
      #expect(lacking?.contains("missing: Conv2d_1a_3x3.conv.weight") == true)
      #expect(lacking?.contains("Tools/convert_inception.py") == true)
      try Data([0x80, 2] + [UInt8](repeating: 65, count: 100)).write(to: URL(fileURLWithPath: path))
      let pickled = #expect(throws: FileError.self) { try InceptionFeatures(contentsOf: path) }
      #expect(pickled?.reason.contains("Tools/convert_inception.py") == true)
    }
  }
}
