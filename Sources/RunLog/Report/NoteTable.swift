/// What happened in a run besides its steps, line by line.
struct NoteTable {
  /// More notes than these are counted, not shown.
  static let limit = 40

  let notes: [LogHistory.Note]

  var html: String {
    guard !notes.isEmpty else { return "<p class=\"empty\">Nothing has been logged yet.</p>" }
    let rows = notes.suffix(Self.limit).map(Self.row)
    let hidden = notes.count - rows.count
    let more = hidden > 0 ? "<p class=\"soft\">\(Wording.grouped(hidden)) earlier lines are in log.jsonl.</p>" : ""
    return "<div class=\"card notes\">\(more)<table>\(rows.joined(separator: "\n"))</table></div>"
  }

  /// The steps at which the curves are worth a mark.
  var marks: [Chart.Mark] {
    notes.compactMap { note in
      switch note.kind {
      case .resume: Chart.Mark(step: note.step, style: "", text: "resumed at step \(note.step)")
      case .rollback: Chart.Mark(step: note.step, style: "bad", text: "rolled back to step \(note.step)")
      case .alarm: Chart.Mark(step: note.step, style: "bad", text: "alarm at step \(note.step): \(note.text)")
      case .start, .note, .warning, .plan, .end: nil
      }
    }
    .suffix(Self.limit)
  }

  private static func row(_ note: LogHistory.Note) -> String {
    let (isBad, isNamed) =
      switch note.kind {
      case .warning, .rollback, .alarm: (true, true)
      case .end: (false, true)
      case .start, .resume, .note, .plan: (false, false)
      }
    let text = (isNamed ? note.kind.rawValue + ": " : "") + note.text
    let advice = note.alarm.map { "<span class=\"advice\">What to try: \($0.advice.htmlEscaped)</span>" } ?? ""
    return "<tr><td>step \(Wording.grouped(note.step))</td>"
      + "<td\(isBad ? " class=\"bad\"" : "")>\(text.htmlEscaped)\(advice)</td></tr>"
  }
}
