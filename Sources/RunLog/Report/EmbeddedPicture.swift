import Foundation
import Pictures

/// A picture file within the page itself.
struct EmbeddedPicture {
  /// The picture file.
  var path: String
  /// The longest side that it may have on the page, in pixels.
  var side: Int
  /// What it shows, for those who cannot see it.
  var name: String
  /// What stands below it.
  var caption: String

  /// The picture as a figure; where it cannot be read, the reason stands in its place.
  var html: String {
    "<figure class=\"samples\">\(picture)<figcaption>\(caption.htmlEscaped)</figcaption></figure>"
  }

  private var picture: String {
    do {
      let picture = try Picture(contentsOf: path, over: .white).reduced(toSide: side)
      let data = Data(try picture.png()).base64EncodedString()
      return """
        <img alt="\(name.htmlEscaped)" width="\(picture.width)" height="\(picture.height)" \
        src="data:image/png;base64,\(data)">
        """
    } catch {
      // The page still is of use without this picture, and says why it lacks it.
      return "<p class=\"empty\">\("\(error)".htmlEscaped)</p>"
    }
  }
}
