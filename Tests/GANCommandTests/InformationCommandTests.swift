import Testing

/// The commands that only tell: recipes, versions, and what this machine has.
@Suite(.serialized) struct InformationCommandTests {
  private func output(_ arguments: String...) throws -> String {
    let place = try Workplace()
    let outcome = try withExtendedLifetime(place) { try GanProcess(arguments, in: place.path).end() }
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    return outcome.output
  }

  @Test func recipesAreListedWithTheirPurpose() throws {
    let rows = try output("recipes").split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1) }
    #expect(
      rows.map { $0[0] } == [
        "auto", "dcgan", "mlp", "dcgan-keras", "lsgan", "wgan", "wgan-gp", "sngan", "r3gan", "pacgan", "cdcgan",
        "acgan", "sngan-projection",
      ])
    #expect(rows.allSatisfy { $0.count == 2 && $0[1].drop { $0 == " " }.count > 20 })
  }

  @Test func aRecipeShowsEverySettingAndWhatItTakes() throws {
    let lines = try output("recipes", "dcgan").split(separator: "\n").map(String.init)
    #expect(lines.first?.hasPrefix("dcgan: ") == true)
    let settings = lines.dropFirst().map { $0.split(separator: " ", maxSplits: 1) }
    #expect(settings.allSatisfy { $0.count == 2 && $0[0].contains("=") })
    let shown = settings.map { String($0[0]) }
    for setting in [
      "network=dcgan", "batch=64", "objective=non-saturating", "generator.learning_rate=0.0002",
      "discriminator.beta1=0.5",
    ] {
      #expect(shown.contains(setting))
    }
    let update = lines.first { $0.hasPrefix("update=alternating ") }
    #expect(update?.hasSuffix(" one of alternating, simultaneous, one-stage") == true)
  }

  @Test func theVersionIsThatOfThePackageAndItsEngine() throws {
    #expect(try output("version").wholeMatch(of: /swift-gan \d+\.\d+\.\d+ \(libtorch 2\.11\.0\S*\)\n/) != nil)
    #expect(try output("--version") == output("version"))
  }

  @Test func doctorTellsWhatWasFound() throws {
    let lines = try output("doctor").split(separator: "\n")
    let rows = lines.map { $0.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true) }
    #expect(rows.allSatisfy { $0.count == 2 })
    let found = Dictionary(rows.map { (String($0[0]), String($0[1])) }) { first, _ in first }
    #expect(found["libtorch"]?.contains("2.11.0") == true)
    #expect(found["threads"]?.contains("OpenMP team") == true)
    for name in ["processor", "precision", "CUDA", "libpng", "zlib", "TurboJPEG", "cache", "$GAN_DATA"] {
      #expect(found[name] != nil, "\(name)")
    }
    for set in ["mnist", "fashion-mnist", "cifar10"] {
      // In a fresh home there is none.
      #expect(found[set]?.contains("not here") == true, "\(set)")
    }
  }
}
