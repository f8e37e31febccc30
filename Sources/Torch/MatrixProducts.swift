import CTorch

/// Ways to take the matrix products of convolutions, the worst first.
package enum MatrixProducts: CaseIterable {
  /// Plain loops, which every processor can run; many times slower.
  case portable
  /// Of float32 by AVX2 and FMA. Other types are left to libtorch.
  case avx2
  /// The usual way: by AVX-512 if the processor has it, and of bfloat16 if it has AVX512-BF16; else as `avx2`.
  case avx512

  /// Runs `body` with the convolutions of this thread taking their products this way, if the processor can: tests hold
  /// each way, and what surrounds it, on processors that would take a better one.
  package func callAsFunction<Result>(_ body: () throws -> Result) rethrows -> Result {
    let former = ctorch_products()
    ctorch_set_products(best)
    defer { ctorch_set_products(former) }
    return try body()
  }

  private var best: CTorchProducts {
    switch self {
    case .portable: CTORCH_PRODUCTS_PORTABLE
    case .avx2: CTORCH_PRODUCTS_AVX2
    case .avx512: CTORCH_PRODUCTS_AVX512
    }
  }
}
