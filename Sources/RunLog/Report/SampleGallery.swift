/// The sample grids of a run over time, embedded in the page: the newest large, earlier ones small.
struct SampleGallery {
  /// At most this many pictures are shown.
  static let pictureLimit = 12

  private static let largeSide = 1024
  private static let smallSide = 400

  /// The pictures to show, newest first.
  let files: [RunDirectory.StepFile]
  /// What stands where on them.
  private let caption: String?

  /// Chooses from `files`, newest first, evenly, the newest and the oldest always.
  init(choosingFrom files: [RunDirectory.StepFile], caption: String? = nil) {
    self.caption = caption
    let count = min(files.count, Self.pictureLimit)
    self.files = (0..<count).map { index in
      files[count == 1 ? 0 : (index * (files.count - 1) + (count - 1) / 2) / (count - 1)]
    }
  }

  /// The newest picture, as large as it was made up to 1,024 pixels; nil when there is none.
  var newest: String? {
    files.first.map { Self.figure($0, side: Self.largeSide, name: "Newest samples", caption: caption) }
  }

  /// The earlier pictures, oldest first.
  var earlier: [String] { files.dropFirst().reversed().map { Self.figure($0, side: Self.smallSide, name: "Samples") } }

  private static func figure(_ file: RunDirectory.StepFile, side: Int, name: String, caption: String? = nil) -> String {
    let step = "step " + Wording.grouped(file.step)
    let text = [step, caption].compactMap { $0 }.joined(separator: ". ")
    return EmbeddedPicture(path: file.path, side: side, name: "\(name) at \(step)", caption: text).html
  }
}
