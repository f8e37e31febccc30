/// What a step measured: means over the parts of a player's last turn.
package struct Measurements {
  package internal(set) var lossDiscriminator = 0.0
  package internal(set) var lossGenerator = 0.0
  package internal(set) var scoreReal = 0.0
  package internal(set) var scoreFake = 0.0
  /// The norm of G's gradient, before any clipping.
  package internal(set) var gradientGenerator = 0.0

  /// Takes the value of part number `part` of a turn.
  mutating func take(_ value: Double, of measure: WritableKeyPath<Measurements, Double>, part: Int) {
    let former = self[keyPath: measure]
    self[keyPath: measure] = part == 0 ? value : former + (value - former) / Double(part + 1)
  }
}
