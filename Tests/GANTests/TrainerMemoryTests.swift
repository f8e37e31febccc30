import Foundation
import GAN
import TestFixtures
import Testing

@Suite struct TrainerMemoryTests {
  /// With log, loader, pictures and checkpoints; in a process of its own, since other tests run beside this one.
  @Test(.timeLimit(.minutes(3))) func thousandsOfStepsDoNotGrowMemory() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      var growth = 0
      try withFolder { folder in
        let data = try tinyPictures(in: folder)
        let trainer = try Trainer(
          try tinyRecipe(.mlp, ["batch=4"]), data: data, run: .create(folder + "/run"), settings: tinySettings(data))
        var before = 0
        try trainer.run(until: .steps(10_000)) { event in
          if case .stepped(let step) = event {
            if step.step == 1000 { before = try residentBytes() }
            if step.step == 10_000 { growth = try residentBytes() - before }
          }
          return .continue
        }
        FileHandle.standardError.write(Data("grew by \(growth) bytes from \(before)\n".utf8))
        #expect(before > 0)
      }
      exit(growth < 1 << 20 ? 0 : 1)
    }
    print(String(decoding: result?.standardErrorContent ?? [], as: UTF8.self))
  }
}
