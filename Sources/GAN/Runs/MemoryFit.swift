/// Whether a game fits into the memory that there is, and what it can be played with instead.
public struct MemoryFit {
  /// What a step takes.
  public let demand: StepDemand
  /// The memory that the process may have, in bytes.
  public let memory: Int
  /// The recipe in smaller batches; nil where it fits as it is, or in no batches that are half as large, a quarter, and so on.
  public let halved: (any Recipe)?
  /// Whether the recipe fits as it is.
  public let isSafe: Bool

  /// From so many pixels a picture on, steps take long enough to say so before the first one.
  private static let largePicture = 96 * 96
  /// With less memory than this, in bytes, small pictures are looked at, too.
  private static let littleMemory = 3_000_000_000
  /// What previews, evaluations and checkpoints need besides, in bytes.
  private static let reserve = 250_000_000

  /// Measures a step; nil for small pictures on a machine with enough memory, and where ``StepDemand`` finds nothing out.
  ///
  /// - Throws: what a step throws.
  public static func of(_ recipe: any Recipe, data: Dataset, seed: UInt64 = 1) throws -> MemoryFit? {
    guard let memory = ThisProcess.memoryWithinReach(),
      data.shape.height * data.shape.width >= largePicture || memory < littleMemory,
      let demand = try StepDemand.measure(recipe, data: data, seed: seed)
    else { return nil }
    // The estimate is a straight line, and other programs may take some.
    let safe = memory - memory / 10 - reserve
    return MemoryFit(
      demand: demand, memory: memory, halved: demand.halved(recipe, toFit: safe),
      isSafe: demand.bytes(batch: recipe.batch) <= safe)
  }
}
