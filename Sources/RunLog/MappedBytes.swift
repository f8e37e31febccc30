import Files

extension MappedFile {
  /// Calls `body` with the file's bytes, which end with the object: Swift may release it after its last use, even while
  /// a pointer taken from it is at work.
  func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(bytes)
  }
}
