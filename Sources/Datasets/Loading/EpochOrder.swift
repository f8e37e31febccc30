/// The order of samples in one epoch: a permutation that depends on seed and epoch alone.
package struct EpochOrder: Sendable {
  /// Sample indices.
  package let indices: [Int32]

  /// The order of `count` samples.
  ///
  /// - Parameter set: the place of their data set among those of a loader, each of which has an order of its own.
  package init(count: Int, seed: UInt64, epoch: Int, set: Int = 0) {
    var indices = (0..<Int32(count)).map { $0 }
    // A stream apart from those that draw samples under the same seed.
    var random = CounterRandom(seed: seed, stream: 0x65706f6368 &+ UInt64(set) << 48, index: epoch)
    // Fisher and Yates, as in Knuth, The Art of Computer Programming, volume 2, algorithm 3.4.2P.
    indices.withUnsafeMutableBufferPointer { indices in
      for last in stride(from: count - 1, to: 0, by: -1) { indices.swapAt(last, random.below(last + 1)) }
    }
    self.indices = indices
  }
}
