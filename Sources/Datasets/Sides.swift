/// What a game that translates pictures asks of its data: which side is the source, and how the two sides lie in a folder.
///
/// The source's pictures become the column "images". Where each comes with its target, the targets are the column
/// "target"; where the target's pictures are a collection of their own, they are ``Dataset/counterpart``.
public struct Sides: Sendable, Equatable {
  /// How the sides lie in a folder.
  public var layout: SideLayout
  /// Which side is the source.
  public var direction: SideDirection
  /// How many times as large the training pictures are loaded, too, for crops out of them: ``Dataset/enlarged``. 1 for once.
  public var enlargement: Double

  /// Sides of a folder.
  public init(_ direction: SideDirection = .aToB, layout: SideLayout = .auto, enlargement: Double = 1) {
    (self.direction, self.layout, self.enlargement) = (direction, layout, enlargement)
  }

  /// The size of the pictures from which ones of `shape` are cut; nil if these are whole pictures.
  package func enlarged(_ shape: SampleShape) -> (width: Int, height: Int)? {
    func larger(_ side: Int) -> Int { max(side, Int((enlargement * Double(side)).rounded())) }
    let size = (width: larger(shape.width), height: larger(shape.height))
    return size == (shape.width, shape.height) ? nil : size
  }
}

/// Which of two sides A and B is translated into the other. Of a picture of two halves A is the left one, as pix2pix lays
/// its data sets out (Isola et al. 2017, arXiv:1611.07004).
public enum SideDirection: String, Sendable, Codable, CaseIterable {
  /// A is the source, B the target.
  case aToB = "a-to-b"
  /// B is the source, A the target: facades, from label maps to photos.
  case bToA = "b-to-a"
}

/// How the pictures of a folder hold two sides.
public enum SideLayout: String, Sendable, Codable, CaseIterable {
  /// What a look at the folder finds.
  case auto
  /// Each picture is a pair, A at the left and B at the right.
  case halves
  /// Each picture is one picture.
  case single
}
