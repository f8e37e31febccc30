import GAN

/// The training split of a run's data. Standard error gets warnings and, unless `quiet`, notices and progress while pictures are
/// decoded or downloaded.
///
/// - Parameter sides: those that its recipe translates.
func loadTrainingData(_ settings: RunSettings, _ sides: Sides?, quiet: Bool) throws -> Dataset {
  var options = settings.loadOptions
  options.sides = sides
  if !quiet { showProgress(of: &options) }
  let data = try DataSource(settings.data).load(.train, options: options)
  report(data, of: settings.data, quiet: quiet)
  return data
}

/// The test split of a run's data, in the size and channels of its training split `data`, where the run is judged, or shown by
/// pairs that it does not learn from.
func loadHeldOutData(_ settings: RunSettings, _ sides: Sides?, like data: Dataset, quiet: Bool) throws -> Dataset? {
  guard settings.judging.every != 0 || sides != nil else { return nil }
  var options = settings.loadOptions
  options.sides = sides
  if !quiet { showProgress(of: &options) }
  return try loadHeldOutData(DataSource(settings.data), like: data, options, quiet: quiet)
}

/// The test split, from which the floor and memorisation are measured; nil, with a warning, if it cannot be loaded.
func loadHeldOutData(_ source: DataSource, like data: Dataset, _ options: LoadOptions, quiet: Bool) -> Dataset? {
  do {
    let heldOut = try source.load(.test, like: data, options: options)
    // Where one set serves as both splits, its notices have been printed already.
    if !quiet { for notice in heldOut.notices where !data.notices.contains(notice) { note(notice) } }
    return heldOut
  } catch {
    note("warning: no held-out data, so floors and memorisation cannot be measured: \(error)")
    return nil
  }
}

/// Prints what loading `source` had to say: warnings always, notices unless `quiet`.
func report(_ data: Dataset, of source: String, quiet: Bool) {
  for warning in data.warnings { note("warning: \(warning)") }
  if !quiet { for notice in data.notices { note(notice) } }
  guard !data.unreadable.isEmpty else { return }
  let count = data.unreadable.count == 1 ? "one file" : "\(data.unreadable.count) files"
  note("skipped as unreadable: \(count); gan data \(source.shellQuoted) lists them with the reasons")
}

/// Shows progress while data are decoded or downloaded.
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
