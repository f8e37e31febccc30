/// Bytes in memory, aligned to 64 so that vector code may read them directly; filled once, then only read.
public final class AlignedBytes: @unchecked Sendable {
  private let storage: UnsafeMutableRawBufferPointer

  /// `count` bytes, as `fill` leaves them. What it does not write is zero.
  public init(count: Int, fill: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
    let storage = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, 1), alignment: 64)
    storage.initializeMemory(as: UInt8.self, repeating: 0)
    self.storage = UnsafeMutableRawBufferPointer(rebasing: storage[..<count])
    try fill(self.storage)
  }

  /// The bytes of `numbers`.
  public convenience init<Number: BitwiseCopyable>(copying numbers: [Number]) {
    self.init(count: numbers.count * MemoryLayout<Number>.stride) { target in
      numbers.withUnsafeBytes { target.copyMemory(from: $0) }
    }
  }

  /// How many bytes there are.
  public var count: Int { storage.count }

  /// Calls `body` with the bytes, which are valid during the call.
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    try body(UnsafeRawBufferPointer(storage))
  }

  deinit { storage.deallocate() }
}
