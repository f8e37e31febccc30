import Files
import Pictures

/// A preview of rows: a picture, or lines of text.
public struct Preview: Sendable, Equatable {
  /// What a preview is.
  public enum Content: Sendable, Equatable {
    /// A picture of all rows.
    case picture(Picture)
    /// A line for each row.
    case text([String])
  }

  /// The picture or the lines.
  public let content: Content
  /// A sentence on what stands where; nil where that is plain to see.
  public var caption: String?

  private init(_ content: Content) { self.content = content }

  /// A line for each row.
  public static func text(_ lines: [String]) -> Preview { Preview(.text(lines)) }

  /// Pictures in a grid.
  public static func grid(_ pictures: PictureBatch, columns: Int? = nil) -> Preview {
    Preview(.picture(PictureGrid.picture(of: pictures, columns: columns)))
  }

  /// Generated points over those of the data.
  public static func scatter(data: [ScatterPlot.Point], generated: [ScatterPlot.Point]) -> Preview {
    Preview(.picture(ScatterPlot.picture(data: data, generated: generated)))
  }

  /// The end of the name of a file that holds it, without the dot: "png" or "txt".
  public var fileExtension: String {
    switch content {
    case .picture: "png"
    case .text: "txt"
    }
  }

  /// Writes it to a file, which appears whole or not at all.
  ///
  /// - Throws: `FileError` when the file cannot be written.
  public func write(to path: String) throws {
    switch content {
    case .picture(let picture): try picture.write(to: path)
    case .text(let lines): try AtomicFile.write(Array(lines.map { $0 + "\n" }.joined().utf8), to: path)
    }
  }
}
