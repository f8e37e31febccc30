/// A loss or gradient that is infinite or not a number.
package struct NonFiniteError: Error, CustomStringConvertible {
  let what: String
  package var description: String { "\(what) is not finite" }
}
