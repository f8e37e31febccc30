/// The candidate that `word` was probably meant to be, or nil when none is near: at most one slip in three letters.
///
/// A slip is a letter too much, missing, wrong or swapped with its neighbour (the optimal string alignment distance of
/// Damerau and Levenshtein), ignoring case. The first of equally near candidates wins.
public func nearest(_ word: String, in candidates: some Sequence<String>) -> String? {
  let letters = Array(word.lowercased())
  var best: (candidate: String, slips: Int)?
  for candidate in candidates {
    let slips = alignmentDistance(letters, Array(candidate.lowercased()))
    if slips <= (letters.count + 2) / 3, slips < best?.slips ?? .max { best = (candidate, slips) }
  }
  return best?.candidate
}

private func alignmentDistance(_ first: [Character], _ second: [Character]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...second.count)
  for (row, letter) in first.enumerated() {
    var current = [row + 1]
    for (column, other) in second.enumerated() {
      var slips = min(previous[column] + (letter == other ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, letter == second[column - 1], first[row - 1] == other {
        slips = min(slips, beforePrevious[column - 1] + 1)
      }
      current.append(slips)
    }
    (beforePrevious, previous) = (previous, current)
  }
  return previous[second.count]
}
