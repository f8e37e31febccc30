import NN
import Torch

/// A block of branches whose maps are laid one behind the other; figures are those of Szegedy et al. 2016.
protocol InceptionBlock {
  /// `[N, C, H, W]` to `[N, C', H', W']`.
  func callAsFunction(_ x: Tensor) -> Tensor
}

/// What a pool of 3x3 pixels takes.
enum InceptionPool {
  /// The mean of those that are within the map.
  case average
  /// Their maximum.
  case maximum

  /// The pool at every pixel.
  func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .average: x.averagePooled([3, 3], stride: [1, 1], padding: [1, 1])
    case .maximum: x.maxPooled([3, 3], stride: [1, 1], padding: [1, 1])
    }
  }
}

/// Figure 5: maps of 35x35.
struct InceptionA: InceptionBlock {
  private let one, five1, five2, three1, three2, three3, pool: InceptionConvolution

  init(_ path: Path, _ inputs: Int, pooled: Int) {
    one = InceptionConvolution(path / "branch1x1", inputs, 64, kernel: (1, 1))
    five1 = InceptionConvolution(path / "branch5x5_1", inputs, 48, kernel: (1, 1))
    five2 = InceptionConvolution(path / "branch5x5_2", 48, 64, kernel: (5, 5), padding: (2, 2))
    three1 = InceptionConvolution(path / "branch3x3dbl_1", inputs, 64, kernel: (1, 1))
    three2 = InceptionConvolution(path / "branch3x3dbl_2", 64, 96, kernel: (3, 3), padding: (1, 1))
    three3 = InceptionConvolution(path / "branch3x3dbl_3", 96, 96, kernel: (3, 3), padding: (1, 1))
    pool = InceptionConvolution(path / "branch_pool", inputs, pooled, kernel: (1, 1))
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    .concatenated([one(x), five2(five1(x)), three3(three2(three1(x))), pool(InceptionPool.average(x))], axis: 1)
  }
}

/// Figure 10: from 35x35 to 17x17.
struct InceptionB: InceptionBlock {
  private let three, double1, double2, double3: InceptionConvolution

  init(_ path: Path, _ inputs: Int) {
    three = InceptionConvolution(path / "branch3x3", inputs, 384, kernel: (3, 3), stride: 2)
    double1 = InceptionConvolution(path / "branch3x3dbl_1", inputs, 64, kernel: (1, 1))
    double2 = InceptionConvolution(path / "branch3x3dbl_2", 64, 96, kernel: (3, 3), padding: (1, 1))
    double3 = InceptionConvolution(path / "branch3x3dbl_3", 96, 96, kernel: (3, 3), stride: 2)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    .concatenated([three(x), double3(double2(double1(x))), x.maxPooled([3, 3], stride: [2, 2])], axis: 1)
  }
}

/// Figure 6: maps of 17x17, windows of 7x7 taken apart into rows and columns.
struct InceptionC: InceptionBlock {
  private let one, seven1, seven2, seven3, double1, double2, double3, double4, double5, pool: InceptionConvolution

  init(_ path: Path, _ inputs: Int, width: Int) {
    one = InceptionConvolution(path / "branch1x1", inputs, 192, kernel: (1, 1))
    seven1 = InceptionConvolution(path / "branch7x7_1", inputs, width, kernel: (1, 1))
    seven2 = InceptionConvolution(path / "branch7x7_2", width, width, kernel: (1, 7), padding: (0, 3))
    seven3 = InceptionConvolution(path / "branch7x7_3", width, 192, kernel: (7, 1), padding: (3, 0))
    double1 = InceptionConvolution(path / "branch7x7dbl_1", inputs, width, kernel: (1, 1))
    double2 = InceptionConvolution(path / "branch7x7dbl_2", width, width, kernel: (7, 1), padding: (3, 0))
    double3 = InceptionConvolution(path / "branch7x7dbl_3", width, width, kernel: (1, 7), padding: (0, 3))
    double4 = InceptionConvolution(path / "branch7x7dbl_4", width, width, kernel: (7, 1), padding: (3, 0))
    double5 = InceptionConvolution(path / "branch7x7dbl_5", width, 192, kernel: (1, 7), padding: (0, 3))
    pool = InceptionConvolution(path / "branch_pool", inputs, 192, kernel: (1, 1))
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let double = double5(double4(double3(double2(double1(x)))))
    return .concatenated([one(x), seven3(seven2(seven1(x))), double, pool(InceptionPool.average(x))], axis: 1)
  }
}

/// From 17x17 to 8x8.
struct InceptionD: InceptionBlock {
  private let three1, three2, seven1, seven2, seven3, seven4: InceptionConvolution

  init(_ path: Path, _ inputs: Int) {
    three1 = InceptionConvolution(path / "branch3x3_1", inputs, 192, kernel: (1, 1))
    three2 = InceptionConvolution(path / "branch3x3_2", 192, 320, kernel: (3, 3), stride: 2)
    seven1 = InceptionConvolution(path / "branch7x7x3_1", inputs, 192, kernel: (1, 1))
    seven2 = InceptionConvolution(path / "branch7x7x3_2", 192, 192, kernel: (1, 7), padding: (0, 3))
    seven3 = InceptionConvolution(path / "branch7x7x3_3", 192, 192, kernel: (7, 1), padding: (3, 0))
    seven4 = InceptionConvolution(path / "branch7x7x3_4", 192, 192, kernel: (3, 3), stride: 2)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let seven = seven4(seven3(seven2(seven1(x))))
    return .concatenated([three2(three1(x)), seven, x.maxPooled([3, 3], stride: [2, 2])], axis: 1)
  }
}

/// Figure 7: maps of 8x8.
struct InceptionE: InceptionBlock {
  private let one, three1, three2a, three2b, double1, double2, double3a, double3b, pooled: InceptionConvolution
  private let pool: InceptionPool

  init(_ path: Path, _ inputs: Int, pool: InceptionPool) {
    one = InceptionConvolution(path / "branch1x1", inputs, 320, kernel: (1, 1))
    three1 = InceptionConvolution(path / "branch3x3_1", inputs, 384, kernel: (1, 1))
    three2a = InceptionConvolution(path / "branch3x3_2a", 384, 384, kernel: (1, 3), padding: (0, 1))
    three2b = InceptionConvolution(path / "branch3x3_2b", 384, 384, kernel: (3, 1), padding: (1, 0))
    double1 = InceptionConvolution(path / "branch3x3dbl_1", inputs, 448, kernel: (1, 1))
    double2 = InceptionConvolution(path / "branch3x3dbl_2", 448, 384, kernel: (3, 3), padding: (1, 1))
    double3a = InceptionConvolution(path / "branch3x3dbl_3a", 384, 384, kernel: (1, 3), padding: (0, 1))
    double3b = InceptionConvolution(path / "branch3x3dbl_3b", 384, 384, kernel: (3, 1), padding: (1, 0))
    pooled = InceptionConvolution(path / "branch_pool", inputs, 192, kernel: (1, 1))
    self.pool = pool
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let (three, double) = (three1(x), double2(double1(x)))
    return .concatenated(
      [one(x), three2a(three), three2b(three), double3a(double), double3b(double), pooled(pool(x))], axis: 1)
  }
}
