import NN
import Torch

/// The Inception-v3 network (Szegedy et al. 2016, arXiv:1512.00567) as the graph of 2015-12-05 has it by which the Fréchet
/// distance is measured (Heusel et al. 2017, arXiv:1706.08500).
///
/// It differs from the network in torchvision: means of windows at the edges leave the padding out, the pool of the last
/// block takes maxima, and there are 1,008 classes. Names and layouts are those of the usual PyTorch conversion.
package final class InceptionV3: Module {
  /// The architecture's name, in fingerprints.
  static let name = "inception-v3 2015-12-05"
  /// Sides of the pictures that it takes.
  static let side = 299
  /// The weights of its convolutions and classes, and the statistics of its normalisations.
  package let state: StateDict
  private let stem1, stem2, stem3, stem4, stem5: InceptionConvolution
  private let blocks: [any InceptionBlock]
  private let classes: Linear

  /// A network of zeros, to be loaded with weights.
  package init(_ state: StateDict) {
    self.state = state
    let root = state.root
    stem1 = InceptionConvolution(root / "Conv2d_1a_3x3", 3, 32, kernel: (3, 3), stride: 2)
    stem2 = InceptionConvolution(root / "Conv2d_2a_3x3", 32, 32, kernel: (3, 3))
    stem3 = InceptionConvolution(root / "Conv2d_2b_3x3", 32, 64, kernel: (3, 3), padding: (1, 1))
    stem4 = InceptionConvolution(root / "Conv2d_3b_1x1", 64, 80, kernel: (1, 1))
    stem5 = InceptionConvolution(root / "Conv2d_4a_3x3", 80, 192, kernel: (3, 3))
    blocks = [
      InceptionA(root / "Mixed_5b", 192, pooled: 32),
      InceptionA(root / "Mixed_5c", 256, pooled: 64),
      InceptionA(root / "Mixed_5d", 288, pooled: 64),
      InceptionB(root / "Mixed_6a", 288),
      InceptionC(root / "Mixed_6b", 768, width: 128),
      InceptionC(root / "Mixed_6c", 768, width: 160),
      InceptionC(root / "Mixed_6d", 768, width: 160),
      InceptionC(root / "Mixed_6e", 768, width: 192),
      InceptionD(root / "Mixed_7a", 768),
      InceptionE(root / "Mixed_7b", 1280, pool: .average),
      InceptionE(root / "Mixed_7c", 2048, pool: .maximum),
    ]
    classes = Linear(root / "fc", 2048, 1008, initializer: .zeros)
  }

  /// - Parameter images: `[N, 3, 299, 299]`, grey levels 0 … 255 brought to (x − 128) / 128.
  /// - Returns: features `[N, 2048]` (`pool_3`), and class scores `[N, 1008]` without the bias, as the Inception score is
  ///   taken of (`logits_unbiased` in torch-fidelity).
  package func callAsFunction(_ images: Tensor) -> (features: Tensor, logits: Tensor) {
    var x = stem3(stem2(stem1(images)))  // [N, 64, 147, 147]
    x = x.maxPooled([3, 3], stride: [2, 2])  // [N, 64, 73, 73]
    x = stem5(stem4(x))  // [N, 192, 71, 71]
    x = x.maxPooled([3, 3], stride: [2, 2])  // [N, 192, 35, 35]
    for block in blocks { x = block(x) }  // [N, 2048, 8, 8]
    let features = x.mean(axes: [2, 3])
    return (features, features.linear(classes.weight, nil))
  }
}

/// A convolution without bias, its batch normalisation by running statistics, and relu.
struct InceptionConvolution {
  private let conv: Conv2d
  private let norm: BatchNorm

  init(
    _ path: Path, _ inputs: Int, _ outputs: Int, kernel: (Int, Int), stride: Int = 1, padding: (Int, Int) = (0, 0)
  ) {
    conv = Conv2d(
      path / "conv", inputs, outputs, kernel: kernel, stride: (stride, stride),
      padding: .symmetric(padding.0, padding.1), bias: false, initializer: .zeros)
    norm = BatchNorm(path / "bn", outputs, epsilon: 0.001)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { norm(conv(x), .inference, then: .relu) }
}
