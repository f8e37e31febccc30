import GAN

/// The training split of a run's data. Standard error gets a warning of files that could not be read and, unless `quiet`,
/// notices and progress while pictures are decoded or downloaded.
func loadTrainingData(_ settings: RunSettings, quiet: Bool) throws -> Dataset {
  var options = settings.loadOptions
  if !quiet { showProgress(of: &options) }
  let data = try DataSource(settings.data).load(.train, options: options)
  if !quiet { for notice in data.notices { note(notice) } }
  if !data.unreadable.isEmpty {
    let count = data.unreadable.count == 1 ? "one file" : "\(data.unreadable.count) files"
    note("left out, since unreadable: \(count); 'gan data \(settings.data)' says which and why")
  }
  return data
}

/// Lets `options` tell how loading comes on.
func showProgress(of options: inout LoadOptions) {
  let line = StatusLine()
  options.progress = { done, total in
    line.show("decoded \(done) of \(total)", isLast: done == total)
  }
  options.downloadProgress = { progress in
    let count = "\(progress.received) of \(progress.total) bytes from \(progress.mirror)"
    line.show("\(progress.set): \(progress.file) \(count)", isLast: progress.received == progress.total)
  }
}
