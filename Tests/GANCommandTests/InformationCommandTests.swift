import Foundation
import Testing

/// The commands that only tell: recipes, versions, and what this machine has.
@Suite(.serialized) struct InformationCommandTests {
  private func output(_ arguments: String...) throws -> String {
    let place = try Workplace()
    let outcome = try withExtendedLifetime(place) { try GanProcess(arguments, in: place.path).end() }
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    return outcome.output
  }

  @Test func recipesAreListedWithWhatTheyReachAndTheirPurpose() throws {
    let parts = try output("recipes").components(separatedBy: "\n\n")
    let rows = parts[0].split(separator: "\n").map { $0.split(separator: " ", maxSplits: 4) }
    #expect(
      rows.map { $0[0] } == [
        "RECIPE", "auto", "dcgan", "mlp", "dcgan-keras", "lsgan", "wgan", "wgan-gp", "sngan", "r3gan", "pacgan",
        "cdcgan", "acgan", "sngan-projection", "stylegan2", "fastgan", "projected", "pix2pix", "cyclegan", "cut",
        "fastcut", "vae", "gmm",
      ])
    for row in rows.dropFirst() {
      #expect(row.count == 5 && row[4].drop { $0 == " " }.count > 20, "\(row)")
      // Games of other kinds were not measured on MNIST, and the newest not on the same machine as the others.
      let isMeasured = !["stylegan2", "fastgan", "projected", "pix2pix", "cyclegan", "cut", "fastcut", "vae", "gmm"]
        .contains(row[0])
      #expect(row[1...3].allSatisfy { isMeasured ? Double($0).map { $0 > 0 } == true : $0 == "-" }, "\(row)")
    }
    #expect(parts[1].contains("3 minutes of MNIST"))
  }

  @Test func aRecipeShowsEverySettingAndWhatItTakes() throws {
    let lines = try output("recipes", "dcgan").split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("dcgan: ") && lines[1].hasPrefix("reached FID "))
    let settings = lines.dropFirst(2).map { $0.split(separator: " ", maxSplits: 1) }
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
    #expect(found["threads"]?.contains(/[1-9]\d*: .+; \d+ came to work/) == true)
    for name in ["processor", "precision", "CUDA", "libpng", "zlib", "libjpeg-turbo", "cache", "$GAN_DATA"] {
      #expect(found[name] != nil, "\(name)")
    }
    for set in ["mnist", "fashion-mnist", "cifar10"] {
      // In a fresh home there is none.
      #expect(found[set]?.contains("not found") == true, "\(set)")
    }
  }

  @Test func threadsAreThoseThatTheEnvironmentAsksFor() throws {
    let outcome = try Workplace().gan("doctor", shell: "export OMP_NUM_THREADS=3")
    #expect(outcome.output.contains(/\nthreads +3: OMP_NUM_THREADS says so; 3 came to work\n/))
  }
}
