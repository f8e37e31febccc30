/// A way of writing a digit: the paths of the pen, in two extreme forms between which writers differ.
///
/// The paths are Catmull-Rom splines (piecewise cubic Béziers through their control points) in a box of 100 by 100, x
/// to the right, y downwards. A control point given twice in a row is a corner.
struct DigitSkeleton: Sendable {
  /// The share of writers who choose this way; the shares of a digit add up to 1.
  let weight: Float
  /// The number of control points of each stroke.
  let strokes: [Int]
  /// x and y of all control points, stroke after stroke.
  let first: [Float]
  /// The other extreme, control point by control point.
  let second: [Float]

  init(_ weight: Float, _ first: [[Float]], _ second: [[Float]]) {
    precondition(
      first.map(\.count) == second.map(\.count) && first.allSatisfy { $0.count >= 4 && $0.count % 2 == 0 },
      "both forms of a digit need the same strokes")
    self.weight = weight
    self.strokes = first.map { $0.count / 2 }
    self.first = Array(first.joined())
    self.second = Array(second.joined())
  }

  /// The ways of writing each digit, at the digit's index.
  static let all: [[DigitSkeleton]] = [zero, one, two, three, four, five, six, seven, eight, nine]

  private static let zero = [
    // Closed where it began: wide, and narrow.
    DigitSkeleton(
      0.7, [[58, 4, 32, 9, 12, 36, 12, 68, 32, 94, 60, 94, 86, 70, 88, 38, 74, 10, 52, 3]],
      [[54, 3, 38, 12, 27, 40, 27, 70, 40, 95, 58, 95, 72, 72, 74, 40, 66, 14, 50, 4]]),
    // The end crosses the beginning: into the bowl, or past it.
    DigitSkeleton(
      0.3, [[72, 14, 48, 4, 22, 22, 12, 60, 28, 92, 60, 95, 84, 68, 84, 32, 66, 10, 40, 12]],
      [[58, 16, 44, 4, 24, 26, 18, 62, 32, 94, 58, 94, 78, 66, 78, 32, 62, 10, 74, 2]]),
  ]

  private static let one = [
    DigitSkeleton(0.72, [[53, 2, 50, 50, 49, 98]], [[56, 2, 50, 50, 46, 98]]),
    // With a flag.
    DigitSkeleton(
      0.2, [[30, 26, 42, 15, 54, 3, 54, 3, 53, 50, 52, 98]], [[40, 16, 47, 10, 54, 2, 54, 2, 52, 50, 50, 98]]),
    // With flag and foot.
    DigitSkeleton(
      0.08, [[30, 24, 42, 15, 54, 3, 54, 3, 53, 50, 52, 96], [24, 97, 52, 96, 80, 96]],
      [[38, 18, 46, 11, 54, 2, 54, 2, 53, 50, 52, 97], [32, 98, 52, 97, 72, 96]]),
  ]

  private static let two = [
    // A corner at the foot.
    DigitSkeleton(
      0.5, [[14, 24, 28, 7, 54, 3, 76, 16, 73, 40, 50, 66, 12, 95, 12, 95, 46, 94, 88, 93]],
      [[22, 15, 44, 4, 68, 9, 76, 28, 62, 52, 38, 76, 16, 94, 16, 94, 50, 90, 82, 97]]),
    // A loop at the foot.
    DigitSkeleton(
      0.5, [[16, 22, 34, 5, 62, 5, 76, 24, 68, 48, 46, 74, 22, 93, 9, 87, 16, 75, 36, 80, 60, 94, 92, 88]],
      [[20, 16, 42, 3, 66, 9, 72, 30, 60, 54, 42, 78, 26, 90, 17, 88, 20, 81, 38, 83, 62, 90, 86, 92]]),
  ]

  private static let three = [
    // A cusp in the middle.
    DigitSkeleton(
      0.6, [[18, 12, 44, 3, 72, 11, 72, 32, 44, 46, 44, 46, 76, 54, 82, 76, 58, 96, 32, 96, 12, 86]],
      [[22, 16, 42, 4, 62, 10, 62, 28, 40, 44, 40, 44, 68, 52, 74, 72, 58, 92, 36, 97, 20, 92]]),
    // A small loop in the middle.
    DigitSkeleton(
      0.25, [[16, 14, 42, 3, 70, 12, 70, 32, 50, 48, 36, 47, 46, 40, 74, 52, 82, 74, 58, 95, 14, 88]],
      [[22, 12, 44, 3, 64, 10, 64, 30, 50, 45, 40, 46, 46, 42, 66, 50, 74, 72, 54, 93, 20, 94]]),
    // A flat top.
    DigitSkeleton(
      0.15, [[16, 6, 46, 6, 76, 6, 76, 6, 60, 24, 44, 42, 44, 42, 70, 48, 82, 70, 62, 94, 32, 96, 14, 86]],
      [[22, 8, 46, 5, 70, 4, 70, 4, 56, 22, 42, 40, 42, 40, 66, 46, 76, 68, 58, 92, 34, 97, 20, 92]]),
  ]

  private static let four = [
    // Open at the top.
    DigitSkeleton(
      0.7, [[22, 6, 18, 30, 16, 54, 16, 54, 46, 56, 80, 50], [74, 6, 70, 50, 66, 98]],
      [[34, 4, 24, 28, 14, 48, 24, 60, 50, 58, 84, 52], [70, 16, 66, 56, 62, 98]]),
    // Closed: up from the bar to the apex and down.
    DigitSkeleton(
      0.3, [[90, 60, 50, 62, 14, 62, 14, 62, 36, 34, 64, 3, 64, 3, 62, 50, 60, 98]],
      [[82, 54, 52, 58, 24, 58, 24, 58, 40, 28, 62, 6, 62, 6, 60, 50, 56, 98]]),
  ]

  private static let five = [
    // The bar is a second stroke.
    DigitSkeleton(
      0.6, [[30, 6, 26, 24, 22, 44, 22, 44, 48, 38, 74, 48, 80, 72, 60, 93, 34, 97, 12, 88], [30, 6, 56, 6, 84, 4]],
      [[38, 10, 34, 26, 30, 42, 30, 42, 48, 42, 66, 54, 66, 76, 50, 92, 34, 96, 18, 94], [38, 10, 60, 8, 80, 3]]),
    // One stroke, from the bar's end.
    DigitSkeleton(
      0.4, [[84, 5, 56, 6, 30, 7, 30, 7, 26, 26, 22, 44, 22, 44, 50, 38, 76, 52, 78, 74, 56, 94, 14, 92]],
      [[78, 3, 58, 6, 40, 9, 40, 9, 34, 24, 28, 40, 28, 40, 52, 44, 68, 58, 64, 78, 46, 94, 18, 96]]),
  ]

  private static let six = [
    DigitSkeleton(
      0.75, [[68, 3, 42, 20, 22, 48, 18, 74, 36, 95, 62, 93, 76, 76, 64, 58, 42, 60, 22, 78]],
      [[50, 2, 34, 26, 22, 56, 22, 82, 42, 97, 64, 88, 70, 72, 56, 62, 38, 70, 26, 86]]),
    // A wide bowl.
    DigitSkeleton(
      0.25, [[56, 2, 30, 24, 14, 54, 16, 82, 42, 97, 74, 90, 84, 68, 66, 52, 38, 56, 18, 72]],
      [[78, 8, 50, 10, 26, 36, 16, 68, 32, 94, 62, 94, 80, 74, 68, 56, 44, 58, 22, 74]]),
  ]

  private static let seven = [
    DigitSkeleton(
      0.62, [[14, 12, 46, 9, 80, 6, 80, 6, 66, 36, 52, 66, 42, 98]],
      [[16, 8, 48, 11, 82, 9, 80, 14, 70, 32, 60, 62, 56, 98]]),
    // A hook at the bar's beginning.
    DigitSkeleton(
      0.18, [[14, 26, 16, 10, 16, 10, 50, 12, 82, 6, 82, 6, 60, 48, 44, 98]],
      [[18, 20, 20, 10, 20, 10, 50, 10, 78, 8, 78, 8, 64, 46, 56, 98]]),
    // Crossed.
    DigitSkeleton(
      0.2, [[14, 12, 46, 9, 80, 6, 80, 6, 66, 36, 52, 66, 42, 98], [34, 54, 56, 52, 80, 48]],
      [[18, 8, 48, 11, 78, 8, 78, 8, 68, 36, 60, 66, 54, 98], [40, 50, 60, 50, 82, 50]]),
  ]

  private static let eight = [
    // One crossing stroke.
    DigitSkeleton(
      0.7, [[74, 14, 52, 3, 30, 12, 30, 32, 52, 48, 74, 66, 72, 88, 48, 97, 24, 86, 26, 66, 50, 48, 74, 32, 76, 14]],
      [[68, 18, 54, 4, 38, 12, 36, 30, 50, 46, 62, 68, 60, 90, 44, 97, 30, 86, 34, 66, 52, 46, 66, 30, 66, 12]]),
    // Two rings.
    DigitSkeleton(
      0.3,
      [
        [50, 4, 28, 12, 28, 36, 50, 46, 72, 36, 72, 14, 50, 4],
        [50, 46, 24, 60, 24, 86, 50, 97, 78, 86, 76, 60, 50, 46],
      ],
      [
        [54, 3, 36, 12, 34, 34, 52, 44, 70, 32, 70, 12, 54, 3],
        [52, 44, 30, 58, 26, 84, 46, 97, 68, 86, 70, 62, 52, 44],
      ]),
  ]

  private static let nine = [
    // A straight tail.
    DigitSkeleton(
      0.6, [[76, 18, 54, 4, 26, 14, 20, 36, 42, 50, 66, 38, 77, 14, 77, 14, 74, 54, 68, 98]],
      [[66, 14, 50, 4, 32, 16, 28, 36, 44, 44, 60, 32, 68, 12, 68, 12, 64, 54, 54, 98]]),
    // A curved tail.
    DigitSkeleton(
      0.25, [[76, 20, 52, 4, 26, 16, 24, 38, 46, 49, 70, 34, 77, 16, 80, 46, 70, 80, 46, 97, 22, 90]],
      [[70, 18, 54, 4, 34, 16, 30, 36, 46, 46, 62, 34, 70, 16, 72, 48, 64, 82, 50, 96, 34, 95]]),
    // The ring closes at the top before the tail.
    DigitSkeleton(
      0.15, [[74, 8, 44, 3, 20, 20, 22, 42, 48, 48, 72, 28, 74, 8, 74, 8, 76, 40, 72, 70, 66, 98]],
      [[70, 10, 50, 3, 32, 14, 28, 34, 46, 42, 66, 26, 70, 10, 70, 10, 68, 42, 62, 70, 52, 98]]),
  ]
}
