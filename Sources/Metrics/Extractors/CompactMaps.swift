import Datasets
import NN
import Torch

/// The convolutions of the extractors that swift-gan trains itself, for small pictures of any number of channels: 9 million
/// multiplications for one of 28x28, most of them where the map is small.
package struct CompactMaps {
  /// Features that it computes.
  static let featureCount = 128
  /// The channels of its ``maps(_:_:)``.
  package static let channels = [32, 128, featureCount]
  /// The longest side that it accepts; larger pictures are scaled down to it.
  private static let longestSide = 64

  private let conv1, conv2, conv3, conv4: Conv2d
  private let norm1, norm2, norm3, norm4: BatchNorm

  /// - Parameter channels: those of the pictures.
  package init(_ path: Path, channels: Int) {
    func convolution(_ name: String, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int) -> Conv2d {
      Conv2d(
        path / name, inputs, outputs, kernel: kernel, stride: stride, padding: .symmetric(kernel / 2), bias: false,
        initializer: .heNormal())
    }
    conv1 = convolution("conv1", channels, 32, kernel: 5, stride: 2)
    norm1 = BatchNorm(path / "norm1", 32)
    conv2 = convolution("conv2", 32, 64, kernel: 3, stride: 2)
    norm2 = BatchNorm(path / "norm2", 64)
    conv3 = convolution("conv3", 64, 128, kernel: 3, stride: 1)
    norm3 = BatchNorm(path / "norm3", 128)
    conv4 = convolution("conv4", 128, Self.featureCount, kernel: 3, stride: 2)
    norm4 = BatchNorm(path / "norm4", Self.featureCount)
  }

  /// - Parameter images: `[N, C, H, W]` in [-1, 1]; those that it learns from have sides of up to 64.
  /// - Returns: the means of the last maps after relu, `[N, 128]`.
  func callAsFunction(_ images: Tensor, _ pass: Pass) -> Tensor { maps(images, pass)[2].mean(axes: [2, 3]) }

  /// The last maps of each size after relu, `[N, 32, H/2, W/2]`, `[N, 128, H/4, W/4]` and `[N, 128, H/8, W/8]`, each half rounded
  /// up: those of ``channels`` and ``sizes(_:)``.
  package func maps(_ images: Tensor, _ pass: Pass) -> [Tensor] {
    let first = norm1(conv1(images), pass, then: .relu)
    let second = norm2(conv2(first), pass, then: .relu)
    let third = norm3(conv3(second), pass, then: .relu)
    return [first, third, norm4(conv4(third), pass, then: .relu)]
  }

  /// Height and width of the ``maps(_:_:)`` of pictures of `shape`.
  package static func sizes(_ shape: SampleShape) -> [(Int, Int)] {
    var (size, sizes) = ((shape.height, shape.width), [(Int, Int)]())
    for _ in channels {
      size = ((size.0 + 1) / 2, (size.1 + 1) / 2)
      sizes.append(size)
    }
    return sizes
  }

  /// Scales pictures of `shape` to a size that it accepts.
  static func reduction(_ shape: SampleShape) -> AreaMeans { AreaMeans(shape, sidesUpTo: longestSide) }
}
