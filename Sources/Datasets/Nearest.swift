/// The one of `names` with the fewest insertions, deletions and replacements away from `text` (Levenshtein 1966), or nil
/// when none is near: at most one slip in three letters.
package func nearest(to text: String, among names: [String]) -> String? {
  func distance(_ a: [Character], _ b: [Character]) -> Int {
    var row = Array(0...b.count)
    for i in a.indices {
      var diagonal = row[0]
      row[0] = i + 1
      for j in b.indices {
        let replaced = diagonal + (a[i] == b[j] ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
      }
    }
    return row[b.count]
  }
  let letters = Array(text.lowercased())
  let near = names.map { (name: $0, slips: distance(letters, Array($0))) }.min { $0.slips < $1.slips }
  return near.flatMap { $0.slips <= (letters.count + 2) / 3 ? $0.name : nil }
}
