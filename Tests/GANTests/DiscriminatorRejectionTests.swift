import Foundation
import GAN
import Testing

/// Samples that the discriminator takes for generated are dropped.
@Suite struct DiscriminatorRejectionTests {
  @Test(arguments: [0.05, 0.3, 0.9, 1]) func theLawAcceptsTheShareThatWasAskedFor(share: Double) {
    let scores = (0..<500).map { sin(Double($0)) * 3 + 40 }
    let law = AcceptanceLaw(scores: scores, share: share)
    let chances = scores.map(law.probability)
    #expect(abs(chances.reduce(0, +) / 500 - share) < 1e-6)
    // What D takes for real is accepted more often; what is better than all so far as often as the best.
    let sorted = zip(scores, chances).sorted { $0.0 < $1.0 }.map(\.1)
    #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(law.probability(of: 100) == sorted.last)
    // Only differences count.
    let shifted = AcceptanceLaw(scores: scores.map { $0 - 70 }, share: share)
    #expect(abs(shifted.probability(of: scores[7] - 70) - chances[7]) < 1e-9)
  }

  /// The paper's law at a score: γ = 0 where the mean of the law says so.
  @Test func theLawIsThePapers() {
    let scores = [1.0, 0, -1]
    let advantages = scores.map { ($0 - 1) - log(1 - exp($0 - 1 - 1e-8)) }
    let share = advantages.map { 1 / (1 + exp(-$0)) }.reduce(0, +) / 3
    let law = AcceptanceLaw(scores: scores, share: share)
    for (score, advantage) in zip(scores, advantages) {
      #expect(abs(law.probability(of: score) - 1 / (1 + exp(-advantage))) < 1e-6)
    }
  }

  @Test(arguments: [[], ["condition_generator=concatenation", "condition_discriminator=projection"]])
  func whatIsAcceptedIsOfTheSameDraws(conditioning: [String]) throws {
    try withFolder { folder in
      let data = try DataSource("digits").load(.test, options: LoadOptions(environment: ["HOME": folder]))
      let trainer = try Trainer(
        tinyRecipe(.dcgan, ["discriminator_norm=none"] + conditioning), data: data, run: .create(folder + "/run"),
        settings: tinySettings(data))
      try trainer.run(until: .steps(4))
      let generator = try ModelFile.read(folder + "/run/generator.safetensors", .standard)
      let all = Sampler(generator, seed: 3)
      let rejection = try DiscriminatorRejection(run: folder + "/run", for: generator)
      let accepted = try rejection.accepted(300, of: all, share: 0.5, seed: 3)
      #expect(accepted.count == 300 && zip(accepted, accepted.dropFirst()).allSatisfy { $0 < $1 })
      #expect((500..<700).contains(accepted[299]), "\(accepted[299])")
      #expect(try rejection.accepted(300, of: all, share: 0.5, seed: 3) == accepted)
      let some = all.picking(accepted)
      let (kept, drawn) = (try some.pictures(300), try all.pictures(accepted[299] + 1))
      let size = kept.height * kept.width * kept.channels
      for (index, number) in accepted.enumerated() {
        #expect(kept.pixels[index * size..<(index + 1) * size] == drawn.pixels[number * size..<(number + 1) * size])
      }
      #expect(some.latents(5..<6).isIdentical(to: all.latents(accepted[5]..<accepted[5] + 1)))
      if !conditioning.isEmpty {
        let (own, classes) = (try #require(some.classes(0..<300)), try #require(all.classes(0..<accepted[299] + 1)))
        let given = classes.array(of: Int64.self)
        #expect(own.array(of: Int64.self) == accepted.map { given[$0] })
      }
    }
  }
}
