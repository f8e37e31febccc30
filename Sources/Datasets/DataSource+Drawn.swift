extension DataSource {
  /// Points of a mixture, as many as there are digits.
  func points(of mixture: Mixture, _ split: Split, _ options: LoadOptions) throws -> Dataset {
    guard options.size == nil, options.channels == nil else {
      throw DataError("\(self): points in the plane have neither size nor channels")
    }
    let (points, labels) = mixture.sample(Digits.count(split), split: split, seed: options.seed)
    return try Dataset(
      name: description, split: split,
      columns: [.points(points), .labels(labels.map(Int32.init), count: mixture.centres.count)])
  }

  /// The drawn digits.
  func digits(_ split: Split, _ options: LoadOptions, color: Bool) throws -> Dataset {
    let draw = color ? Digits.renderColor : Digits.render
    // The first pictures stand in the key, so that digits that are drawn otherwise are drawn anew.
    let first = draw(0..<16, split, options.seed, 1).pixels
    let key = "\(description) \(split.rawValue), seed \(options.seed), begins with \(first)"
    return try converted(key: key, split, options) {
      let (pixels, labels) = draw(0..<Digits.count(split), split, options.seed, options.threads)
      return StoredSamples(
        description: DatasetDescription(
          name: description, shape: SampleShape(channels: color ? 3 : 1, height: 28, width: 28),
          classNames: (0...9).map(String.init)),
        samples: .memory(AlignedBytes(copying: pixels)), labels: labels.map(Int32.init))
    }
  }

  /// Three pictures of `base` as the channels of each picture.
  func stacked(_ base: DataSource, _ split: Split, _ options: LoadOptions) throws -> Dataset {
    guard options.channels != 1 else { throw DataError("\(self): stacked pictures have 3 channels") }
    var baseOptions = options
    (baseOptions.size, baseOptions.channels, baseOptions.progress) = (nil, nil, nil)
    let digits = try base.load(split, options: baseOptions)
    let key = "\(description) \(split.rawValue), seed \(options.seed), of \(digits.fingerprint)"
    return try converted(key: key, split, options, notices: digits.notices) {
      try StackedSamples(digits, name: description, seed: options.seed)
    }
  }
}
