import GAN

/// The training split of a run's data. Standard error gets warnings and, unless `quiet`, notices and progress while pictures are
/// decoded or downloaded.
func loadTrainingData(_ settings: RunSettings, quiet: Bool) throws -> Dataset {
  var options = settings.loadOptions
  if !quiet { showProgress(of: &options) }
  let data = try DataSource(settings.data).load(.train, options: options)
  report(data, of: settings.data, quiet: quiet)
  return data
}

/// The test split of a run's data, in the size and channels of its training split `data`, where the run is judged, or shown by
/// pairs that it does not learn from.
func loadHeldOutData(_ settings: RunSettings, like data: Dataset, quiet: Bool) throws -> Dataset? {
  guard settings.judging.every != 0 || settings.direction != nil else { return nil }
  var options = settings.loadOptions
  if !quiet { showProgress(of: &options) }
  return try loadHeldOutData(DataSource(settings.data), like: data, options, quiet: quiet)
}

/// The test split, by which judges know what is possible and what was only memorised; nil, and said so, where there is none.
func loadHeldOutData(_ source: DataSource, like data: Dataset, _ options: LoadOptions, quiet: Bool) -> Dataset? {
  do {
    let heldOut = try source.load(.test, like: data, options: options)
    // A set that is one for both splits says the same twice.
    if !quiet { for notice in heldOut.notices where !data.notices.contains(notice) { note(notice) } }
    return heldOut
  } catch {
    note("warning: no held-out data, so that neither the metrics' floor nor memorisation is known: \(error)")
    return nil
  }
}

/// Says what a person should know of data that were loaded from `source`: warnings in any case, notices unless `quiet`.
func report(_ data: Dataset, of source: String, quiet: Bool) {
  for warning in data.warnings { note("warning: \(warning)") }
  if !quiet { for notice in data.notices { note(notice) } }
  guard !data.unreadable.isEmpty else { return }
  let count = data.unreadable.count == 1 ? "one file" : "\(data.unreadable.count) files"
  note("left out, since unreadable: \(count); 'gan data \(source)' says which and why")
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
