import CTorch

/// A source of random numbers for libtorch's operators that draw them, one number after the other; passed on, never hidden.
///
/// It serves what is drawn once, as the first weights; what a training step draws comes from a ``RandomStream``. A
/// reference: what one holder draws, the others no longer get.
public final class RandomGenerator {
  let reference: CTorchGenerator
  /// The device whose operators take it.
  public let device: Device

  /// A generator whose draws depend on `seed` alone.
  public init(seed: UInt64, device: Device = .cpu) {
    var created: CTorchGenerator?
    let status = ctorch_generator_create(device.type, device.index, seed, &created)
    guard status == CTORCH_OK, let created else {
      fatalError("no random generator for \(device): \(String(cString: ctorch_last_error()))")
    }
    reference = created
    self.device = device
  }

  deinit { ctorch_generator_release(reference) }

  /// The whole state as uint8 `[n]`.
  public func state() throws(TorchError) -> Tensor {
    var state: CTorchTensor?
    try check(ctorch_generator_state(reference, &state), "reading a random generator's state")
    guard let state else { return .undefined }
    return Tensor(adopting: state)
  }

  /// Goes on as the generator would have whose ``state()`` this is.
  public func restore(_ state: Tensor) throws(TorchError) {
    try check(ctorch_generator_set_state(reference, state.reference), "restoring a random generator's state")
  }
}

/// A seed for one purpose: distinct streams of a run's seed that do not overlap in what they draw.
///
/// What is drawn depends on the seed and on the words that name the purpose, not on what was drawn before, so that a
/// run that resumes at a step draws as the run that never stopped. The words are mixed by the finaliser of SplitMix64
/// (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators", figure 14).
public func derivedSeed(_ seed: UInt64, _ words: UInt64...) -> UInt64 {
  words.reduce(mixed(seed)) { mixed($0 ^ mixed($1 &+ 0x9e37_79b9_7f4a_7c15)) }
}

private func mixed(_ value: UInt64) -> UInt64 {
  var z = value &+ 0x9e37_79b9_7f4a_7c15
  z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
  z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
  return z ^ (z >> 31)
}
