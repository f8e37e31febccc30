import Datasets
import Files
import Foundation
import GAN
import RunLog
import Torch

/// The readers of files that others may have written, each as a user reaches it. Whatever the bytes are, a reader gives
/// what they hold or throws a sentence; it never crashes, hangs or takes more memory than the file can account for.
package enum FuzzedReader: String, CaseIterable, Sendable {
  /// A folder with one PNG or JPEG file.
  case picture
  /// An IDX or `.npy` file, in gzip or not.
  case array
  /// A downloaded archive.
  case archive
  /// Every tensor of a safetensors file, with its checksum.
  case safetensors
  /// A generator to ship.
  case generator
  /// `recipe.json`.
  case recipe
  /// `log.jsonl` with the page that shows it.
  case log
  /// A file name.
  case name

  /// Small files of this kind: whole ones, and some that were found by fuzzing, whose names begin with "found-".
  package var corpus: [String] {
    get throws {
      let folder = Bundle.module.bundlePath + "/Corpus/" + rawValue
      return try FileSystem.names(in: folder).map { folder + "/" + $0 }
    }
  }

  /// Reads `bytes` as this kind of file. `folder` is empty, and emptied by the next call.
  ///
  /// - Returns: whether they were accepted.
  package func read(_ bytes: UnsafeRawBufferPointer, in folder: String) throws -> Bool {
    do {
      try accept(bytes, in: folder)
      return true
    } catch is FileError {
    } catch is DataError {
    } catch is TrainingError {
    } catch is TorchError {
    }
    return false
  }

  private func accept(_ bytes: UnsafeRawBufferPointer, in folder: String) throws {
    switch self {
    case .picture:
      let pictures = folder + "/pictures"
      try FileSystem.createFolder(pictures)
      try put(bytes, at: pictures + "/a.png")
      _ = try DataSource(pictures).load(.train, options: options)
    case .array:
      try put(bytes, at: folder + "/array")
      _ = try DataSource(folder + "/array").load(.train, options: options)
    case .archive:
      try put(bytes, at: folder + "/archive.tar.gz")
      try FileSystem.createFolder(folder + "/unpacked")
      try TarArchive.unpack(folder + "/archive.tar.gz", members: ["set/data_batch_1.bin"], into: folder + "/unpacked")
    case .safetensors:
      try put(bytes, at: folder + "/file.safetensors")
      let file = try SafetensorsFile(folder + "/file.safetensors")
      if file.hasChecksum { try file.verifyChecksum() }
      for entry in file.entries { _ = try file.tensor(entry.name) }
    case .generator:
      try put(bytes, at: folder + "/generator.safetensors")
      _ = try ModelFile.read(folder + "/generator.safetensors", .standard)
    case .recipe:
      try put(bytes, at: folder + "/recipe.json")
      _ = try RunRecord(contentsOf: folder + "/recipe.json").makeRecipe()
    case .log:
      let run = folder + "/run"
      for part in ["", "/samples", "/checkpoints"] { try FileSystem.createFolder(run + part) }
      try put(Array("{}".utf8).withUnsafeBytes { Array($0) }, at: run + "/recipe.json")
      try put(bytes, at: run + "/log.jsonl")
      try Report.write(for: .reading(run))
    case .name:
      let name = Array(bytes.prefix { $0 != 0 })
      let path = String(pathBytes: name)
      guard path.pathBytes == name, String(pathBytes: path.pathBytes) == path else {
        fatalError("\(path) stands for \(path.pathBytes), not for \(name)")
      }
    }
  }

  private var options: LoadOptions {
    var options = LoadOptions(environment: [:])
    // Nothing can be kept below a device.
    options.cacheFolder = "/dev/null"
    options.threads = 1
    return options
  }

  /// Without AtomicFile's flush to the disk, which would take most of the time.
  private func put(_ bytes: some Sequence<UInt8>, at path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }
}
