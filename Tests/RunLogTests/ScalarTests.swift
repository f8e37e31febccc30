import RunLog
import Testing

@Suite struct ScalarTests {
  private let group = Scalar.Group(title: "Losses")

  @Test func scalarsKeepTheirOrderAndAreFoundByTheirNames() {
    let (a, b) = (Scalar("a", title: "A", group: group), Scalar("b", title: "B", group: group))
    var scalars: Scalars = [b: 1, a: 2]
    #expect(scalars.map(\.scalar) == [b, a])
    #expect(scalars[a] == 2 && scalars["b"] == 1 && scalars["c"] == nil)
    #expect(scalars[Scalar("a", title: "other", group: group, isProbability: true)] == 2, "the name is the identity")
    scalars[b] = 3
    #expect(scalars == [b: 3, a: 2])
    scalars[b] = nil
    #expect(scalars == [a: 2])
    scalars[b] = 4
    #expect(scalars.map(\.scalar) == [a, b])
    #expect([a: 1, b: 2, a: 3] as Scalars == [a: 3, b: 2])
  }

  @Test(arguments: ["seconds", "images", "step", ""]) func aNameOfAnotherMemberIsRefused(name: String) async {
    await #expect(processExitsWith: .failure) { [name] in
      _ = Scalar(name, title: "x", group: Scalar.Group(title: "y"))
    }
  }
}
