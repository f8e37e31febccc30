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

/// The test split of a run's data, where the run is judged.
func loadHeldOutData(_ settings: RunSettings, quiet: Bool) throws -> Dataset? {
  guard settings.judging.every != 0 else { return nil }
  var options = settings.loadOptions
  if !quiet { showProgress(of: &options) }
  return try loadHeldOutData(DataSource(settings.data), options)
}

/// The test split, by which judges know what is possible and what was only memorised; nil, and said so, where there is none.
func loadHeldOutData(_ source: DataSource, _ options: LoadOptions) -> Dataset? {
  do {
    return try source.load(.test, options: options)
  } catch {
    note("warning: no held-out data, so that neither the metrics' floor nor memorisation is known: \(error)")
    return nil
  }
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
