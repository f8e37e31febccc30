import Files
import Foundation
import Metrics
import TestFixtures
import Testing
import Torch

@Suite struct LPIPSTests {
  /// The convolutions of a trunk by their places among torchvision's layers: inputs, outputs, sides of the window.
  private static let convolutions: [String: [Int: (Int, Int, Int)]] = [
    "alex": [0: (3, 64, 11), 3: (64, 192, 5), 6: (192, 384, 3), 8: (384, 256, 3), 10: (256, 256, 3)],
    "vgg": [
      0: (3, 64, 3), 2: (64, 64, 3), 5: (64, 128, 3), 7: (128, 128, 3), 10: (128, 256, 3), 12: (256, 256, 3),
      14: (256, 256, 3), 17: (256, 512, 3), 19: (512, 512, 3), 21: (512, 512, 3), 24: (512, 512, 3),
      26: (512, 512, 3), 28: (512, 512, 3),
    ],
  ]
  private static let channels = ["alex": [64, 192, 384, 256, 256], "vgg": [64, 128, 256, 512, 512]]

  /// The weights that `Tools/reference/paired_fixtures.py` gives the package lpips.
  private static func weights(_ net: String) -> [String: Tensor] {
    var weights: [String: Tensor] = [:]
    for (index, (inputs, outputs, side)) in convolutions[net] ?? [:] {
      let (weight, bias) = ("features.\(index).weight", "features.\(index).bias")
      let scale = (6 / Double(inputs * side * side)).squareRoot()
      weights[weight] = (Tensor.hashed(weight, [outputs, inputs, side, side]) * scale).to(.float32)
      weights[bias] = (Tensor.hashed(bias, [outputs]) * 0.1).to(.float32)
    }
    for (layer, count) in (channels[net] ?? []).enumerated() {
      let name = "lin\(layer).model.1.weight"
      weights[name] = ((Tensor.hashed(name, [1, count, 1, 1]) + 1) / 2).to(.float32)
    }
    return weights
  }

  @Test(arguments: try fixture("lpips").cases()) func agreesWithThePackage(name: String) throws {
    let given = try fixture("lpips")[name]
    let net = try given.text("net")
    let distance = try LPIPS(Self.weights(net), try #require(LPIPS.Trunk(rawValue: net)))
    let shape = try given.numbers("shape").map { Int($0) }
    let (first, other) = (Tensor.hashed("\(name)/first", shape), Tensor.hashed("\(name)/other", shape))
    let found = try distance(first.to(.float32), ((first + other) / 2).to(.float32))
    let expected = try given["distance"]
    #expect(found.shape == expected.shape && (found - expected.to(.float32)).abs().max().item < 1e-5)
    #expect(try distance(first.to(.float32), first.to(.float32)).abs().max().item == 0)
  }

  @Test func aWrongFileIsASentence() throws {
    try withFolder { folder in
      func problem(_ path: String, _ trunk: LPIPS.Trunk = .alex) -> String {
        do {
          _ = try LPIPS(contentsOf: path, trunk)
          return ""
        } catch {
          return "\(error)"
        }
      }
      #expect(problem(folder + "/none.safetensors").contains("none.safetensors"))
      let path = folder + "/alex.safetensors"
      var weights = Self.weights("alex")
      try SafetensorsWriter.write(weights.map { SafetensorsWriter.Item($0.key, $0.value) }, metadata: [:], to: path)
      #expect(problem(path).isEmpty)
      #expect(problem(path, .vgg).contains("convert_lpips.py --net vgg makes the right file"))
      weights["features.0.bias"] = .full([64], .nan)
      try SafetensorsWriter.write(weights.map { SafetensorsWriter.Item($0.key, $0.value) }, metadata: [:], to: path)
      #expect(problem(path).contains("features.0.bias is not finite"))
      let small = sentence {
        _ = try LPIPS(Self.weights("alex"), .alex)(.zeros([1, 3, 30, 64]), .zeros([1, 3, 30, 64]))
      }
      #expect(small?.contains("sides have 31 pixels or more") == true)
    }
  }
}
