/// What pairs are made into.
struct PairFormat {
  let direction: SideDirection
  /// The size of each side; nil for that of the pictures.
  private(set) var size: PictureSize?
  /// The channels of each side; nil: 1 if all its pictures are stored as grey, else 3.
  let sourceChannels: Int?
  let targetChannels: Int?

  /// What `options` ask for, in the sizes and channels of `data`, another split, if there is one.
  init(_ direction: SideDirection, _ options: LoadOptions, like data: Dataset?) {
    self.direction = direction
    size = (data.map { ($0.shape.width, $0.shape.height) } ?? options.size).map { PictureSize($0) }
    sourceChannels = data?.shape.channels ?? options.channels
    targetChannels = data?[Dataset.targetName]?.format.sampleShape?.channels ?? options.channels
  }

  /// The same in another size.
  func sized(_ size: PictureSize) -> PairFormat {
    var format = self
    format.size = size
    return format
  }

  /// Words that tell pairs of this format from others.
  var key: String {
    func text(_ number: Int?) -> String { number.map(String.init) ?? "own" }
    return "\(direction.rawValue), size \(size?.description ?? "own"), channels \(text(sourceChannels)) and "
      + text(targetChannels)
  }
}
