import Files
import Testing

@Suite struct SHA256Tests {
  @Test func emptyAndKnownDigest() {
    #expect(SHA256.digest(UnsafeRawBufferPointer(start: nil, count: 0)).hasPrefix("e3b0c44298fc1c149afbf4c8996fb924"))
    var hash = SHA256()
    hash.update(Array("a".utf8))
    hash.update(Array("bc".utf8))
    #expect(hash.finish() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
