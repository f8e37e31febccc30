import Foundation
import Metrics
import TestFixtures
import Testing
import Torch

@Suite struct ResizeTests {
  /// Pillow and torch-fidelity sum in another order: a hundredth of a grey level would already be another rule.
  @Test(arguments: Resize.Rule.allCases) func itFollowsTheOriginals(rule: Resize.Rule) throws {
    let fixture = try Fixture("resize", in: .module)
    for name in try fixture.cases() {
      let known = try fixture[name]
      let ((height, width), step) = (try known.pair("size"), try known.whole("step"))
      let pixels = Tensor(Hashed(name).pixels(height * width * 3), shape: [1, height, width, 3])
      let resized = Resize(rule, to: 299)(pixels.permuted(0, 3, 1, 2).to(.float32))
      #expect(resized.shape == [1, 3, 299, 299])
      let values = resized.array(of: Double.self)
      let expected = try known[rule.rawValue]
      let kept = expected.size(1)
      var greatest = 0.0
      for (place, value) in expected.array(of: Double.self).enumerated() {
        let (channel, row, column) = (place / (kept * kept), place / kept % kept * step, place % kept * step)
        greatest = max(greatest, abs(values[(channel * 299 + row) * 299 + column] - value))
      }
      #expect(greatest < 1e-3, "\(name)")
    }
  }

  @Test func rulesAreNamed() {
    #expect(Resize(.clean, to: 299).name == "bicubic (clean) to 299x299")
    #expect(Resize(.legacy, to: 299).name == "bilinear (legacy TensorFlow) to 299x299")
  }
}
