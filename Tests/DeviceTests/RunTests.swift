import Foundation
import GAN
import PretendedGPU
import Testing
import Torch

extension PretendedGPUTests {
  /// Whole runs of each kind of recipe, with previews, evaluations and checkpoints.
  @Suite struct Runs {
    /// A recipe and what it learns from, as small as can be.
    struct Case: CustomTestStringConvertible {
      let recipe: any Recipe
      let data: Dataset
      var testDescription: String { recipe.name }

      init(_ recipe: some Recipe, _ assignments: [(String, String)], _ data: Dataset) throws {
        var recipe = recipe
        try recipe.set(
          [("batch", "8")] + (data.kind == .points ? [] : [("precision", "float32")])
            + assignments.map { (key: $0.0, value: $0.1) })
        (self.recipe, self.data) = (recipe, data)
      }
    }

    static var cases: [Case] {
      get throws {
        let shape = SampleShape(channels: 1, height: 12, width: 12)
        func pixels(_ shape: SampleShape) -> [UInt8] {
          (0..<40 * shape.elementCount).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
        }
        let pictures = try Dataset(
          name: "pictures",
          columns: [.pictures(pixels(shape), shape), .labels((0..<40).map { Int32($0 % 3) })])
        let points = try Dataset(
          name: "points", columns: [.points((0..<80).map { Float($0 * 37 % 79) / 40 - 1 })])
        let small = SampleShape(channels: 1, height: 8, width: 8)
        let pairs = try Dataset(
          name: "pairs",
          columns: [.pictures(pixels(small), small), .pictures(pixels(small).map { 255 - $0 }, small, name: "target")])
        return [
          try Case(
            AdversarialRecipe.mlp,
            [
              ("base_width", "4"), ("latent_size", "8"), ("lecam", "0.3"), ("augment", "color,translation"),
              ("condition_generator", "concatenation"), ("condition_discriminator", "projection"),
            ], pictures),
          try Case(
            AutoencoderRecipe.vae, [("network", "fully-connected"), ("base_width", "4"), ("latent_size", "3")], pictures
          ),
          try Case(MixtureRecipe.gmm, [("components", "3")], points),
          try Case(
            TranslationRecipe.pix2pix,
            [("base_width", "2"), ("discriminator_width", "2"), ("discriminator_layers", "1")], pairs),
        ]
      }
    }

    private func settings(_ data: Dataset) -> RunSettings {
      var settings = RunSettings(data: data.name, threads: 1)
      (settings.judging.every, settings.judging.count) = (3, 40)
      if data.kind != .points { settings.judging.extractor = "pixels" }
      return settings
    }

    /// What a run says of each step and of where it computes.
    private func played(_ trainer: Trainer, steps: Int) throws -> (losses: [[Double]], devices: [String]) {
      var (losses, devices): ([[Double]], [String]) = ([], [])
      try trainer.run(until: .steps(steps)) { event in
        switch event {
        case .started(let start): devices.append(start.arithmetic.device)
        case .stepped(let record): losses.append(trainer.game.scalars.compactMap { record[$0] })
        case .warned(_, let message): Issue.record("\(message)")
        default: break
        }
        return .continue
      }
      return (losses, devices)
    }

    @Test(arguments: try cases) func aRunIsTheHostsAndResumes(of: Case) throws {
      let folder = FileManager.default.temporaryDirectory.path + "/swift-gan-device-" + UUID().uuidString
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let (device, data) = (try Device.pretended, of.data)
      func trainer(_ name: String, _ device: Device) throws -> Trainer {
        try Trainer(
          of.recipe, data: data, run: .create("\(folder)/\(name)"), settings: settings(data), device: device)
      }
      let (host, whole) = (try trainer("host", .cpu), try trainer("whole", device))
      let expected = try played(host, steps: 6)
      let found = try played(whole, steps: 6)
      #expect(expected.devices == ["cpu"] && found.devices == ["pretended:0"] && found.losses.count == 6)
      for (a, b) in zip(expected.losses, found.losses) {
        #expect(a.count == b.count && !a.isEmpty)
        for (x, y) in zip(a, b) { #expect(abs(x - y) < 1e-3 * max(1, abs(x))) }
      }
      // A trainer holds its folder's lock.
      _ = try played(try trainer("broken", device), steps: 3)
      let resumed = try Trainer(
        resuming: try .open("\(folder)/broken"), data: data, device: device, skipped: { Issue.record("\($0)") })
      _ = try played(resumed, steps: 6)
      for (a, b) in zip(resumed.game.tensors, whole.game.tensors) {
        #expect(a.tensor.device == device, "\(a.name)")
        #expect(a.tensor.isIdentical(to: b.tensor), "\(a.name)")
      }
      // A file has no device.
      let model = try ModelFile.read("\(folder)/whole/\(whole.game.product.fileName)", .standard)
      #expect(model.device == .cpu && whole.game.product.device == device)
    }

    /// What is shown, logged and saved comes to the host when it is due, and nothing else does: of 29 steps the first has a
    /// preview, and so has the tenth; sixteen steps later they are told at once, and at the end.
    @Test func stepsThatShowNothingReadNothing() throws {
      let folder = FileManager.default.temporaryDirectory.path + "/swift-gan-reads-" + UUID().uuidString
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let data = try Dataset(name: "points", columns: [.points((0..<80).map { Float($0 * 37 % 79) / 40 - 1 })])
      var settings = RunSettings(data: data.name, threads: 1)
      settings.judging.every = 0
      var training = TrainingSettings(steps: 29)
      training.batch = 8
      // What has come to the host by the time that each step is played.
      var reads: [Int64] = []
      let game = Noisy(try .pretended) { turn in
        reads.append(pretended_gpu_counts().values_read)
        return turn.latents(size: 2).mean(axes: [0])
      }
      let trainer = try Trainer(
        game, named: "noisy", training, data: data, run: .create(folder), settings: settings)
      pretended_gpu_reset_counts()
      var told: [Int] = []
      try trainer.run { event in
        if case .stepped(let step) = event { told.append(step.step) }
        return .continue
      }
      #expect(told == Array(1...29) && reads.count == 29)
      let steps = (1..<29).filter { reads[$0] > reads[$0 - 1] }
      #expect(steps == [1, 10, 26], "reads after these steps: \(steps)")
    }
  }
}
