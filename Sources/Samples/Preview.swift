import Files
import Pictures

/// A preview of rows: a picture, or lines of text.
public enum Preview: Sendable, Equatable {
  /// A picture of all of them.
  case picture(Picture)
  /// A line each.
  case text([String])

  /// Pictures in a grid.
  public static func grid(_ pictures: PictureBatch, columns: Int? = nil) -> Preview {
    .picture(PictureGrid.picture(of: pictures, columns: columns))
  }

  /// Generated points over those of the data.
  public static func scatter(data: [ScatterPlot.Point], generated: [ScatterPlot.Point]) -> Preview {
    .picture(ScatterPlot.picture(data: data, generated: generated))
  }

  /// The end of the name of a file that holds it, without the dot: "png" or "txt".
  public var fileExtension: String {
    switch self {
    case .picture: "png"
    case .text: "txt"
    }
  }

  /// Writes it to a file, which appears whole or not at all.
  ///
  /// - Throws: `FileError` when the file cannot be written.
  public func write(to path: String) throws {
    switch self {
    case .picture(let picture): try picture.write(to: path)
    case .text(let lines): try AtomicFile.write(Array(lines.map { $0 + "\n" }.joined().utf8), to: path)
    }
  }
}
