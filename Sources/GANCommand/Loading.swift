import GAN

/// The training split of a run's data; on standard error what a person should know of it and, unless `quiet`, progress
/// while pictures are decoded or downloaded.
func loadTrainingData(_ settings: RunSettings, quiet: Bool) throws -> Dataset {
  var options = settings.loadOptions
  if !quiet { showProgress(of: &options) }
  let data = try DataSource(settings.data).load(.train, options: options)
  for notice in data.notices { note(notice) }
  if !data.unreadable.isEmpty {
    note("\(data.unreadable.count) files could not be read and are left out; 'gan data \(settings.data)' lists them")
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
