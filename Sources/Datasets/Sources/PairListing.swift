import Files

/// The files of pairs, before any is read: one picture of two halves each, or one picture of side A and one of side B.
struct PairListing {
  /// A file or two for each pair.
  private(set) var files: [[PictureListing.File]]
  /// Files that could not even be listed.
  let unreadable: [UnreadableFile]
  /// What was passed over, in sentences.
  let notices: [String]

  /// The pairs in a folder of halves, or in the folders of both sides.
  ///
  /// - Throws: `FileError` if a picture has no partner.
  init(_ folders: [PictureFolder]) throws(FileError) {
    if folders.count == 2 {
      let matched = MatchedPictures(folders[0], folders[1])
      try matched.check()
      files = matched.pairs
    } else {
      files = folders.flatMap(\.files).map { [$0] }
    }
    (unreadable, notices) = (folders.flatMap(\.unreadable), folders.flatMap(\.notices))
  }

  /// The pairs of both splits in a place of halves, or in the places of both sides.
  ///
  /// - Throws: `FileError` if a folder holds no pictures, a picture has no partner, or one pair alone is to be split.
  static func splits(
    _ places: [PicturePlace], _ options: LoadOptions
  ) throws(FileError) -> (train: PairListing, test: PairListing) {
    func listing(_ split: Split) throws(FileError) -> PairListing {
      var folders: [PictureFolder] = []
      for place in places { folders.append(try PictureFolder(place.path(split), options: options)) }
      return try PairListing(folders)
    }
    var train = try listing(.train)
    guard let place = places.first, place.test == nil else { return (train, try listing(.test)) }
    var test = train
    train.files = try HeldOut.part(train.files, .train, of: place.train)
    test.files = try HeldOut.part(test.files, .test, of: place.train)
    return (train, test)
  }
}
