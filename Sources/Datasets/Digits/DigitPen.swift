/// Writes one digit after another, each in a hand of its own.
///
/// A digit is a random blend of the two forms of a random skeleton. Its control points are moved at random, the spline
/// through them is bent by a smooth random displacement field, slanted, scaled and rotated; then it is fitted and
/// centred the way MNIST's digits were (LeCun et al. 1998, "Gradient-based learning applied to document recognition"):
/// the longer side about 20 pixels, the centre of mass in the middle.
struct DigitPen: ~Copyable {
  private static let capacity = 1024
  private static let gridSide = 3
  /// Just before the elastic field's last node, so that each place has a node on either side.
  private static let lastPlace = Float(gridSide - 1) - 0.001
  private static let largestRadius: Float = 2.6

  private let raster = DigitRaster()
  /// x, y and radius of the path's points, one after the other; a negative radius says that a new stroke begins here.
  private let path: UnsafeMutablePointer<Float>
  private let control: UnsafeMutablePointer<Float>
  /// x and y displacement at the nodes of the elastic field.
  private let field: UnsafeMutablePointer<Float>
  private var count = 0

  init() {
    path = .allocate(capacity: 3 * Self.capacity)
    control = .allocate(capacity: 3 * Self.capacity)
    field = .allocate(capacity: 2 * Self.gridSide * Self.gridSide)
  }

  deinit {
    path.deallocate()
    control.deallocate()
    field.deallocate()
  }

  /// Draws one of `skeletons` into the 784 `pixels`.
  mutating func draw(
    _ skeletons: [DigitSkeleton], _ random: inout CounterRandom, into pixels: UnsafeMutablePointer<UInt8>
  ) {
    layPath(Self.choose(skeletons, &random), &random)
    shape(&random)
    fit(&random)

    let edge = random.uniform(1.1, 1.7)
    raster.clear()
    var point = 1
    while point < count {
      let a = path + 3 * (point - 1)
      let b = path + 3 * point
      if b[2] > 0 { raster.addPiece(a[0], a[1], a[2] < 0 ? -a[2] : a[2], b[0], b[1], b[2], edge: edge) }
      point += 1
    }
    raster.write(to: pixels, edge: edge)
  }

  private static func choose(_ skeletons: [DigitSkeleton], _ random: inout CounterRandom) -> DigitSkeleton {
    var rest = random.uniform()
    for skeleton in skeletons.dropLast() {
      if rest < skeleton.weight { return skeleton }
      rest -= skeleton.weight
    }
    return skeletons[skeletons.count - 1]
  }

  // MARK: - The path in the skeleton's box

  /// Fills `path` with the points of a blend of the skeleton's two forms, and with radii in pixels.
  private mutating func layPath(_ skeleton: DigitSkeleton, _ random: inout CounterRandom) {
    let blend = random.uniform(-0.15, 1.15)
    let unsteadiness = random.uniform(0.8, 2.8)
    var radius = 1.24 + 0.31 * random.bell()
    if radius < 0.7 { radius = 0.7 } else if radius > 2.2 { radius = 2.2 }
    let pressure = radius * random.uniform(0.03, 0.16)

    count = 0
    var start = 0
    for length in skeleton.strokes {
      for point in 0..<length {
        let source = 2 * (start + point)
        let target = control + 3 * point
        let (x, y) = (skeleton.first[source], skeleton.first[source + 1])
        let isCorner = point > 0 && x == skeleton.first[source - 2] && y == skeleton.first[source - 1]
        if isCorner {
          target.update(from: target - 3, count: 3)
        } else {
          let isEnd = point == 0 || point == length - 1
          let freedom = isEnd ? 1.6 * unsteadiness : unsteadiness
          target[0] = x + blend * (skeleton.second[source] - x) + freedom * random.bell()
          target[1] = y + blend * (skeleton.second[source + 1] - y) + freedom * random.bell()
          let wide = radius + pressure * random.bell()
          target[2] = wide < 0.65 ? 0.65 : wide > Self.largestRadius ? Self.largestRadius : wide
        }
      }
      traceSpline(length)
      start += length
    }
  }

  /// Appends the Catmull-Rom spline through the first `length` control points to the path, a point every 7 units or so:
  /// a pixel and a half in the finished picture.
  private mutating func traceSpline(_ length: Int) {
    append(control[0], control[1], -control[2])
    var segment = 0
    while segment < length - 1 {
      let b = control + 3 * segment
      let c = b + 3
      let a = segment > 0 ? b - 3 : b
      let d = segment < length - 2 ? c + 3 : c
      let (dx, dy) = (c[0] - b[0], c[1] - b[1])
      let pieces = Int((dx * dx + dy * dy).squareRoot() * (1 / 7)) + 1
      if dx != 0 || dy != 0 {
        var piece = 1
        while piece <= pieces {
          let t = Float(piece) / Float(pieces)
          append(
            Self.spline(a[0], b[0], c[0], d[0], t), Self.spline(a[1], b[1], c[1], d[1], t), b[2] + t * (c[2] - b[2]))
          piece += 1
        }
      }
      segment += 1
    }
  }

  private mutating func append(_ x: Float, _ y: Float, _ radius: Float) {
    precondition(count < Self.capacity, "a digit's path has at most \(Self.capacity) points")
    let point = path + 3 * count
    point[0] = x
    point[1] = y
    point[2] = radius
    count += 1
  }

  /// The Catmull-Rom spline between `b` (t = 0) and `c` (t = 1).
  private static func spline(_ a: Float, _ b: Float, _ c: Float, _ d: Float, _ t: Float) -> Float {
    let cubic = 3 * (b - c) + d - a
    let square = 2 * a - 5 * b + 4 * c - d
    return b + 0.5 * t * (c - a + t * (square + t * cubic))
  }

  // MARK: - The hand

  /// Bends the path elastically, then slants, scales and rotates it about the box's centre, which becomes the origin.
  private func shape(_ random: inout CounterRandom) {
    let bend = random.uniform(2, 8)
    var node = 0
    while node < 2 * Self.gridSide * Self.gridSide {
      field[node] = bend * random.bell()
      node += 1
    }
    let spread = 0.95 + 0.2 * random.bell()
    let width = spread < 0.5 ? 0.5 : spread
    let slant = 0.05 + 0.22 * random.bell()
    let slope = 0.1 * random.bell()
    let norm = 1 / (1 + slope * slope).squareRoot()
    var point = 0
    while point < count {
      let target = path + 3 * point
      let (ox, oy) = displacement(target[0], target[1])
      let y = target[1] + oy - 50
      let x = (target[0] + ox - 50) * width - slant * y
      target[0] = (x + slope * y) * norm
      target[1] = (y - slope * x) * norm
      point += 1
    }
  }

  /// The elastic field at (`x`, `y`): a smooth surface through the values at the nodes, flat at each of them.
  private func displacement(_ x: Float, _ y: Float) -> (Float, Float) {
    let (column, u) = Self.cell(x)
    let (row, v) = Self.cell(y)
    let upper = field + 2 * (row * Self.gridSide + column)
    let lower = upper + 2 * Self.gridSide
    let left = (upper[0] + v * (lower[0] - upper[0]), upper[1] + v * (lower[1] - upper[1]))
    let right = (upper[2] + v * (lower[2] - upper[2]), upper[3] + v * (lower[3] - upper[3]))
    return (left.0 + u * (right.0 - left.0), left.1 + u * (right.1 - left.1))
  }

  /// The grid cell of a coordinate, and the place inside it through a smooth step.
  private static func cell(_ coordinate: Float) -> (Int, Float) {
    var place = coordinate * (Float(gridSide - 1) / 100)
    if place < 0 { place = 0 } else if place > lastPlace { place = lastPlace }
    let index = Int(place)
    let t = place - Float(index)
    return (index, t * t * (3 - 2 * t))
  }

  // MARK: - The place in the picture

  /// Scales the path so that the ink's longer side is about 20 pixels, and moves its centre of mass near the middle.
  private func fit(_ random: inout CounterRandom) {
    var (left, right, top, bottom) = (path[0], path[0], path[1], path[1])
    var (mass, sumX, sumY) = (Float(0), Float(0), Float(0))
    var radii: Float = 0
    var point = 0
    while point < count {
      let (x, y) = (path[3 * point], path[3 * point + 1])
      let radius = path[3 * point + 2]
      if x < left { left = x } else if x > right { right = x }
      if y < top { top = y } else if y > bottom { bottom = y }
      radii += radius < 0 ? -radius : radius
      if radius > 0 && point > 0 {
        let (dx, dy) = (x - path[3 * point - 3], y - path[3 * point - 2])
        let ink = (dx * dx + dy * dy).squareRoot() * radius
        mass += ink
        sumX += ink * (x - 0.5 * dx)
        sumY += ink * (y - 0.5 * dy)
      }
      point += 1
    }
    let size = 19.6 + 0.5 * random.bell() - 2 * radii / Float(count)
    let longer = right - left > bottom - top ? right - left : bottom - top
    let scale = size / longer
    let shiftX = 14 + 0.35 * random.bell() - scale * sumX / mass
    let shiftY = 14 + 0.35 * random.bell() - scale * sumY / mass
    point = 0
    while point < count {
      path[3 * point] = path[3 * point] * scale + shiftX
      path[3 * point + 1] = path[3 * point + 1] * scale + shiftY
      point += 1
    }
  }
}
