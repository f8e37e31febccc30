import RunLog
import Synchronization

/// A progress line on standard error: redrawn in place on a terminal, otherwise a new line every few
/// seconds, and none for work that ends before the first is due.
final class StatusLine: Sendable {
  private struct State {
    var lastShown = ContinuousClock.now
    var isOpen = false
  }

  private let isTerminal = StandardStream.error.isTerminal
  private let state = Mutex(State())

  /// Shows `text` when it is time; the last one ends the line.
  func show(_ text: String, isLast: Bool) {
    state.withLock { state in
      let now = ContinuousClock.now
      let isDue = now - state.lastShown >= (isTerminal ? .milliseconds(100) : .seconds(5))
      guard isDue || (isLast && state.isOpen) else { return }
      state.lastShown = now
      state.isOpen = !isLast
      guard isTerminal else { return note(text) }
      let ended = "\r" + text + "\u{1B}[K" + (isLast ? "\n" : "")
      StandardStream.error.tell(ended)
    }
  }
}

/// Prints a line for people, on standard error.
func note(_ text: String) { StandardStream.error.tell(text + "\n") }
