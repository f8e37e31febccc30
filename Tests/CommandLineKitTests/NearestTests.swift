import CommandLineKit
import Testing

@Suite("The nearest word")
struct NearestTests {
  @Test(
    "A word with few slips finds what was meant",
    arguments: [
      ("fdi", "fid"), ("dcgam", "dcgan"), ("DCGAN", "dcgan"), ("wgangp", "wgan-gp"), ("mlpp", "mlp"),
      ("stacked-dgits", "stacked-digits"),
    ])
  func near(word: String, meant: String) {
    #expect(nearest(word, in: ["mlp", "fid", "kid", "dcgan", "wgan-gp", "digits", "stacked-digits"]) == meant)
  }

  @Test("A word like none finds none", arguments: ["", "zzz", "resnet", "precision"])
  func far(word: String) {
    #expect(nearest(word, in: ["mlp", "fid", "dcgan", "wgan-gp", "digits"]) == nil)
  }

  @Test("The first of equally near words is taken, and no candidates give none")
  func ties() {
    #expect(nearest("bid", in: ["fid", "kid"]) == "fid")
    #expect(nearest("fid", in: [String]()) == nil)
  }
}
