import Files
import Foundation

/// What was found out about files by reading them, kept in the folder `decoded` of the cache for as long as they stay as they
/// are.
struct KeptFinding {
  let options: LoadOptions

  /// The finding of this `kind` of the files that `stamps` describe: what was kept, else what `find` finds.
  func callAsFunction<Finding: Codable>(_ kind: String, of stamps: String, find: () -> Finding) -> Finding {
    let folder = options.cacheFolder + "/decoded"
    let key = Array("\(packageVersion) \(kind)\n\(stamps)".utf8).withUnsafeBytes { SHA256.digest($0) }.prefix(32)
    let path = "\(folder)/\(key).\(kind)"
    if let kept = try? JSONDecoder().decode(Finding.self, from: MappedFile(path).withBytes { Data($0) }) { return kept }
    let found = find()
    // Where the cache cannot be written it is found out anew each time, which costs time alone.
    try? FileSystem.createFolder(folder)
    try? AtomicFile.write(JSONEncoder().encode(found), to: path)
    return found
  }
}
