extension Sampler {
  /// The most classes that have a column each.
  private static let mostColumns = 16

  /// The number of columns, a class each, where a grid has such.
  private var columns: Int? {
    guard let classes = model.blueprint.classTable?.occupied.count, classChoice == .inTurn else { return nil }
    return classes <= Self.mostColumns ? classes : nil
  }

  /// How many samples a grid usually shows: 64, or eight of each class.
  public var gridCount: Int { columns.map { 8 * $0 } ?? 64 }

  /// Samples 0 ..< count in rows; where all classes are drawn in turn, each has a column of its own.
  public func grid(_ count: Int? = nil) throws -> Picture {
    PictureGrid.picture(of: try pictures(count ?? gridCount), columns: columns)
  }
}
