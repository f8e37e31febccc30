import CTorch

/// Sets of a processor's vector instructions, each with those before it.
public enum VectorInstructions: UInt32, Sendable, CaseIterable, Comparable, CustomStringConvertible {
  /// What every x86-64 processor has.
  case baseline
  /// AVX2 with fused multiply-add (x86-64-v3).
  case avx2
  /// AVX-512 (x86-64-v4).
  case avx512
  /// AVX-512 with products of bfloat16.
  case avx512bfloat16
  /// Advanced Matrix Extensions with bfloat16.
  case amx

  init(_ instructions: CTorchInstructions) { self = Self(rawValue: instructions.rawValue) ?? .baseline }

  /// Whether `first` is the smaller set.
  public static func < (first: Self, second: Self) -> Bool { first.rawValue < second.rawValue }

  /// Its name for people, as in "AVX-512 with bfloat16".
  public var description: String {
    switch self {
    case .baseline: "x86-64"
    case .avx2: "AVX2"
    case .avx512: "AVX-512"
    case .avx512bfloat16: "AVX-512 with bfloat16"
    case .amx: "AMX with bfloat16"
    }
  }
}
