import Torch

extension MatrixProducts {
  /// Whether this processor can convolve numbers of this type this way, without libtorch's help.
  public func areOwn(_ dtype: DType) -> Bool {
    guard dtype == .float32 || dtype == .bfloat16 else { return false }
    switch self {
    case .portable: return true
    case .avx2: return dtype == .float32 && Machine.instructions >= .avx2
    case .avx512: return Machine.instructions >= (dtype == .bfloat16 ? .avx512bfloat16 : .avx2)
    }
  }
}
