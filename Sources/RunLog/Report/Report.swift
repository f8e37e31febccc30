import Files

/// The page that shows a run to its reader: pictures, curves, settings, what happened, and how to continue. It needs no
/// network and no script, and can be sent as one file.
public enum Report {
  /// Writes `report.html` into the run's folder, from its log, its recipe and its sample grids as they are now.
  ///
  /// - Throws: `FileError` when the log cannot be read or the page cannot be written. A recipe or a picture that
  ///   cannot be read is reported on the page.
  public static func write(for run: RunDirectory) throws {
    let history = try LogHistory(contentsOf: run.log)
    let gallery = SampleGallery(choosingFrom: try run.samples(), caption: history.sampleCaption)
    let page = ReportPage(run: run, history: history, gallery: gallery, recipe: readRecipe(run.recipe))
    try AtomicFile.write(Array(page.html.utf8), to: run.report)
  }

  private static func readRecipe(_ path: String) -> Result<JSONValue, FileError> {
    Result { () throws(FileError) in
      let value = try MappedFile(path).withBytes { JSONValue(parsing: $0) }
      guard let value, case .object = value else {
        throw FileError(path, "this is not a JSON object, so the settings cannot be shown")
      }
      return value
    }
  }
}
