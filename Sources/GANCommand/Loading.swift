import CommandLineKit
import Foundation
import GAN

/// The training split of a run's data, with progress on standard error while pictures are decoded or downloaded.
func loadTrainingData(_ settings: RunSettings, quiet: Bool) throws -> Dataset {
  var options = settings.loadOptions
  if !quiet { showProgress(of: &options) }
  let data = try DataSource(settings.data).load(.train, options: options)
  if !quiet { for notice in data.notices { note(notice) } }
  if !quiet && !data.unreadable.isEmpty {
    note("\(data.unreadable.count) files could not be read and are left out; 'gan data \(settings.data)' lists them")
  }
  return data
}

/// Lets `options` tell how loading comes on.
func showProgress(of options: inout LoadOptions) {
  options.progress = { done, total in
    note("decoded \(done) of \(total)")
  }
  options.downloadProgress = { progress in
    note("\(progress.set): \(progress.file) \(progress.received) of \(progress.total) bytes from \(progress.mirror)")
  }
}

extension Device {
  /// The device that a user names: "auto" takes a GPU where one can be used.
  static func named(_ text: String) throws -> Device {
    if text == "cpu" || (text == "auto" && !Machine.hasCUDA) { return .cpu }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard text == "auto" || (parts.first == "cuda" && parts.count <= 2) else {
      throw ValidationError("--device needs auto, cpu, cuda or cuda:N, got '\(text)'")
    }
    guard let index = parts.count == 2 ? Int(parts[1]) : 0, index >= 0 else {
      throw ValidationError("--device needs a whole number after 'cuda:', got '\(text)'")
    }
    guard Machine.hasCUDA else {
      throw ValidationError("--device \(text): libtorch is here without CUDA ('gan doctor' says more); take --device cpu")
    }
    return .cuda(index)
  }
}
