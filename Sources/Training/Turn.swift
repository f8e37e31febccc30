import NN
import RunLog
import Samples
import Torch

/// What a phase may use when it is played: a batch, or a part of an accumulated one, and everything that is drawn or reported.
public struct Turn {
  /// The step's number, from 0.
  public let step: Int
  /// Which part of the batch this is, from 0; the parts of a phase are to one large batch what its rows are.
  public let part: Int
  /// How many parts the batch has.
  public let parts: Int
  /// The data.
  public let batch: Batch
  /// The forward passes of this turn: to learn, with random numbers of its own.
  public let pass: Pass
  /// The arithmetic of matrix products and convolutions, nil for the parameters' own; see ``withPrecision(_:)``.
  public let precision: DType?
  /// Where the step computes, and tensors are made.
  public let device: Device
  private let address: Address
  private let reports: Reports
  private let clock: StepClock?

  init(
    _ address: Address, parts: Int, batch: Batch, precision: DType?, device: Device, reports: Reports,
    clock: StepClock?
  ) {
    (step, part, self.parts) = (address.step, address.part, parts)
    (self.batch, self.precision, self.device) = (batch, precision, device)
    (self.address, self.reports, self.clock) = (address, reports, clock)
    pass = .training(address.random(.dropout, on: device))
  }

  /// The phase's place in its step's list, from 0.
  public var phase: Int { address.phase }
  /// The number of this part's first row in the whole batch.
  public var firstRow: Int { part * batch.count }

  /// A source of random numbers for this part alone, drawn on ``device``.
  public func random(_ purpose: Purpose) -> RandomStream { address.random(purpose, on: device) }

  /// The seed of what all parts draw together, as rows of one sequence: this part's begin at ``firstRow``.
  ///
  /// - Parameter phase: the phase whose numbers are drawn, by its place in the step; this one by default. A phase that draws
  ///   another's gets the same.
  public func seed(_ purpose: Purpose, ofPhase phase: Int? = nil) -> UInt64 {
    address.phaseSeed(purpose, phase: phase ?? address.phase)
  }

  /// Standard normal numbers `[batch.count, size]`: this part's rows of the phase's latents.
  ///
  /// - Parameter phase: the phase whose latents they are, by its place in the step; this one by default.
  public func latents(size: Int, ofPhase phase: Int? = nil) -> Tensor {
    .normalRows(
      count: batch.count, size: size, seed: seed(.latents, ofPhase: phase), first: firstRow, device: device)
  }

  /// `count` numbers in 0 ..< 1, `[count, 1]`: this part's rows of a sequence that the parts of a phase draw together.
  public func uniformRows(_ purpose: Purpose, count: Int) -> Tensor {
    // Of a purpose's numbers, latents are stream 0 and classes stream 1.
    .uniformRows(count: count, size: 1, seed: seed(purpose), stream: 2, first: part * count, device: device)
  }

  /// Reports a value of this step, a tensor of one element. It stays where it is until somebody reads it; of several parts the
  /// mean is taken, and of several turns the last one counts.
  public func report(_ scalar: Scalar, _ value: Tensor) { reports.take(scalar, value, part: part) }

  /// The forward passes of another phase, by its place in the step: a phase that draws its samples again draws the same.
  public func pass(ofPhase phase: Int) -> Pass {
    phase == address.phase ? pass : .training(address.random(.dropout, ofPhase: phase, on: device))
  }

  /// Runs `body` with matrix products and convolutions computed in the turn's precision (``withAutocast(_:on:_:)``).
  public func withPrecision<Result>(_ body: () throws -> Result) rethrows -> Result {
    try withAutocast(precision, on: device, body)
  }

  /// Computes two parts of the phase that share nothing that changes, side by side if that is faster
  /// (``Torch/concurrently(_:_:)``); other devices than the host take their operators one by one.
  public func concurrently<First, Second>(
    _ first: () throws -> First, _ second: () throws -> Second
  ) throws -> (First, Second) {
    guard device == .cpu else { return (try first(), try second()) }
    return try Torch.concurrently(first, second)
  }

  /// Ends a part of the step that a benchmark shows by itself.
  public func lap(_ part: StepPart) { clock?.lap(part) }
}

/// What random numbers are drawn for; each purpose has streams of its own.
public struct Purpose: Hashable, Sendable {
  /// Part of the address of a number.
  public let rawValue: UInt64

  /// The purpose that recorded runs know by this number.
  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// A purpose of your own by its name: 64-bit FNV-1a of it, beyond the numbers that the package uses.
  public init(_ name: String) {
    rawValue = name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 } | 1 << 63
  }

  /// What a model draws from.
  public static let latents = Purpose(rawValue: 3)
  /// Masks of dropout.
  public static let dropout = Purpose(rawValue: 4)
  /// The samples of a preview.
  package static let preview = Purpose(rawValue: 6)
  /// Classes that are drawn.
  public static let classes = Purpose(rawValue: 7)
  static let choice = Purpose(rawValue: 13)
}

/// Where in a run random numbers are drawn: they depend on this alone.
struct Address {
  let seed: UInt64
  let step, attempt, phase, part: Int

  /// The seed of what the parts of a phase draw together.
  func phaseSeed(_ purpose: Purpose, phase: Int) -> UInt64 {
    derivedSeed(seed, purpose.rawValue, UInt64(step), UInt64(attempt), UInt64(phase))
  }

  /// What a part draws for itself.
  ///
  /// - Parameter other: the phase whose numbers they are; this one by default.
  func random(_ purpose: Purpose, ofPhase other: Int? = nil, on device: Device) -> RandomStream {
    RandomStream(seed: derivedSeed(phaseSeed(purpose, phase: other ?? phase), UInt64(part)), device: device)
  }
}
