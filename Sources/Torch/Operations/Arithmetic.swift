private let addTensor = Operation("aten::add", "Tensor")
private let addScalar = Operation("aten::add", "Scalar")
private let subTensor = Operation("aten::sub", "Tensor")
private let subScalar = Operation("aten::sub", "Scalar")
private let rsubScalar = Operation("aten::rsub", "Scalar")
private let mulTensor = Operation("aten::mul", "Tensor")
private let mulScalar = Operation("aten::mul", "Scalar")
private let divTensor = Operation("aten::div", "Tensor")
private let divScalar = Operation("aten::div", "Scalar")
private let negative = Operation("aten::neg")
private let power = Operation("aten::pow", "Tensor_Scalar")
private let squareOperation = Operation("aten::square")
private let squareRootOperation = Operation("aten::sqrt")
private let exponential = Operation("aten::exp")
private let logarithm = Operation("aten::log")
private let absolute = Operation("aten::abs")
private let clampOperation = Operation("aten::clamp")
private let roundOperation = Operation("aten::round")
private let matmul = Operation("aten::matmul")
private let greaterScalar = Operation("aten::gt", "Scalar")
private let lessScalar = Operation("aten::lt", "Scalar")
private let choice = Operation("aten::where", "self")

// Element-wise, with broadcasting.
extension Tensor {
  /// The sum of each pair of elements.
  public static func + (a: Tensor, b: Tensor) -> Tensor { addTensor(.tensor(a), .tensor(b)) }
  /// Each element plus `b`.
  public static func + (a: Tensor, b: Double) -> Tensor { addScalar(.tensor(a), .double(b)) }
  /// Each element plus `a`.
  public static func + (a: Double, b: Tensor) -> Tensor { b + a }
  /// The difference of each pair of elements.
  public static func - (a: Tensor, b: Tensor) -> Tensor { subTensor(.tensor(a), .tensor(b)) }
  /// Each element less `b`.
  public static func - (a: Tensor, b: Double) -> Tensor { subScalar(.tensor(a), .double(b)) }
  /// `a` less each element.
  public static func - (a: Double, b: Tensor) -> Tensor { rsubScalar(.tensor(b), .double(a)) }
  /// The product of each pair of elements.
  public static func * (a: Tensor, b: Tensor) -> Tensor { mulTensor(.tensor(a), .tensor(b)) }
  /// Each element times `b`.
  public static func * (a: Tensor, b: Double) -> Tensor { mulScalar(.tensor(a), .double(b)) }
  /// Each element times `a`.
  public static func * (a: Double, b: Tensor) -> Tensor { b * a }
  /// The quotient of each pair of elements.
  public static func / (a: Tensor, b: Tensor) -> Tensor { divTensor(.tensor(a), .tensor(b)) }
  /// Each element divided by `b`.
  public static func / (a: Tensor, b: Double) -> Tensor { divScalar(.tensor(a), .double(b)) }
  /// `a` divided by each element.
  public static func / (a: Double, b: Tensor) -> Tensor { b.onesLike() * a / b }
  /// Each element with the opposite sign.
  public static prefix func - (a: Tensor) -> Tensor { negative(.tensor(a)) }

  /// Each element to the power of `exponent`.
  public func pow(_ exponent: Double) -> Tensor { power(.tensor(self), .double(exponent)) }
  /// Each element times itself.
  public func squared() -> Tensor { squareOperation(.tensor(self)) }
  /// The square root of each element.
  public func squareRoot() -> Tensor { squareRootOperation(.tensor(self)) }
  /// e to the power of each element.
  public func exp() -> Tensor { exponential(.tensor(self)) }
  /// The natural logarithm of each element.
  public func log() -> Tensor { logarithm(.tensor(self)) }
  /// Each element without its sign.
  public func abs() -> Tensor { absolute(.tensor(self)) }
  /// Each element to the nearest whole number, halves to even.
  public func rounded() -> Tensor { roundOperation(.tensor(self)) }
  /// Each element, moved into `low ... high`.
  public func clamped(_ low: Double, _ high: Double) -> Tensor {
    clampOperation(.tensor(self), .double(low), .double(high))
  }

  /// The matrix product over the last two axes, broadcast over the others.
  public func matrixMultiplied(by other: Tensor) -> Tensor {
    rank == 2 && other.rank == 2 ? linear(other.transposed(), nil) : matmul(.tensor(self), .tensor(other))
  }

  /// Where the elements are greater than `other`, as Booleans.
  public func isGreater(than other: Double) -> Tensor { greaterScalar(.tensor(self), .double(other)) }

  /// Where the elements are less than `other`, as Booleans.
  public func isLess(than other: Double) -> Tensor { lessScalar(.tensor(self), .double(other)) }

  /// The elements of `a` where `condition`, of Booleans, is true, and those of `b` elsewhere, all three broadcast. No
  /// product: what is not chosen may be infinite or not a number.
  public static func chosen(where condition: Tensor, _ a: Tensor, else b: Tensor) -> Tensor {
    choice(.tensor(condition), .tensor(a), .tensor(b))
  }

  /// Whether shapes, types and every bit of the elements agree (zeros of either sign, and not-a-numbers, by their bits).
  public func isIdentical(to other: Tensor) -> Bool {
    guard shape == other.shape, dtype == other.dtype else { return false }
    let (a, b) = (detached().to(.cpu).contiguous(), other.detached().to(.cpu).contiguous())
    return a.withUnsafeBytes { a in b.withUnsafeBytes { b in a.elementsEqual(b) } }
  }
}
