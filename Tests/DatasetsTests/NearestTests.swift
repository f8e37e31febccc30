import Datasets
import Testing

@Suite struct NearestTests {
  private let names = ["digits", "digits-color", "stacked-digits", "ring8", "mnist"]

  @Test(arguments: [
    ("dgits", "digits"), ("digitss", "digits"), ("rinq8", "ring8"), ("MNIST", "mnist"), ("mnits", "mnist"),
    ("stackeddigits", "stacked-digits"),
  ])
  func aWordWithFewSlipsFindsWhatWasMeant(word: String, meant: String) {
    #expect(nearest(to: word, among: names) == meant)
  }

  @Test(arguments: ["", "photos", "celeba"]) func aWordLikeNoneFindsNone(word: String) {
    #expect(nearest(to: word, among: names) == nil)
  }

  @Test func theFirstOfEquallyNearNamesIsTaken() {
    #expect(nearest(to: "bid", among: ["fid", "kid"]) == "fid")
    #expect(nearest(to: "fid", among: []) == nil)
  }
}
