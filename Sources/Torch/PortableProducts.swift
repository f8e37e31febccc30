import CTorch

/// Runs `body` with the convolutions of this thread taking their products in plain loops, which every processor can: what
/// surrounds the products can then be tested without AVX-512. They are many times slower.
package func withPortableProducts<Result>(_ body: () throws -> Result) rethrows -> Result {
  let former = ctorch_portable_products()
  ctorch_set_portable_products(true)
  defer { ctorch_set_portable_products(former) }
  return try body()
}
