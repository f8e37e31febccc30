import Files
import Pictures
import Synchronization

/// Finds the pictures in a folder that swift-gan wrote there: previews, grids, samples. They are no data beside others.
///
/// Each file is opened for that, which takes long on a slow disk; so what was found is kept in the cache.
struct OwnPictures {
  let options: LoadOptions

  /// The pictures that are no data, by their places among the files.
  ///
  /// Where all that can be read is of swift-gan, somebody means it: samples are taken then, or sheets where there are no
  /// samples.
  func passedOver(in listing: PictureListing) -> Set<Int> {
    guard listing.files.contains(where: { PictureFolder.ending(of: $0.path) == ".png" }) else { return [] }
    return KeptFinding(options: options)("own", of: listing.files.stamps) { search(listing) }
  }

  private func search(_ listing: PictureListing) -> Set<Int> {
    let files = listing.files
    let found = Mutex<[Int: PNGMark]>([:])
    concurrently(files.count, threads: options.threads) { index in
      guard let mark = PNGMark(path: files[index].path) else { return }
      found.withLock { $0[index] = mark }
    }
    let marks = found.withLock { $0 }
    guard !marks.isEmpty else { return [] }
    let hasOthers = files.indices.contains { marks[$0] == nil && Self.isReadable(files[$0].path) }
    if hasOthers { return Set(marks.keys) }
    return marks.values.contains(.sample) ? Set(marks.filter { $0.value == .sheet }.keys) : []
  }

  private static func isReadable(_ path: String) -> Bool {
    guard let file = try? MappedFile(path) else { return false }
    return (try? file.withBytes { bytes throws(FileError) in try PictureHeader(bytes, path: path) }) != nil
  }
}
