/// The projection head of CUT (Park et al. 2020, arXiv:2007.15651, section 3; `mlp_sample` of the authors' code): of maps of
/// each layer of a generator, what two linear layers make of the features at some places, scaled to length 1.
///
/// Names and shapes are those of the authors' PyTorch code: `mlp_0.0.weight` and so on.
public final class PatchProjection: Module {
  /// Its parameters.
  public let state: StateDict
  private let layers: [(hidden: Linear, output: Linear)]

  /// A head for layers with so many channels each.
  ///
  /// - Parameters:
  ///   - width: the features of the two layers, 256 in the paper.
  ///   - initializer: of the weights; the paper's is Glorot's normal one times 0.02.
  public init(
    _ state: StateDict, channels: [Int], width: Int = 256, initializer: Initializer = .glorotNormal.scaled(by: 0.02)
  ) {
    self.state = state
    layers = channels.enumerated().map { index, channels in
      let path = state.root / "mlp_\(index)"
      return (
        Linear(path / 0, channels, width, initializer: initializer),
        Linear(path / 2, width, width, initializer: initializer)
      )
    }
  }

  /// The projected features of each layer: `[N · P, width]`, image after image, in float32 or wider.
  ///
  /// - Parameters:
  ///   - maps: of each layer, `[N, C, h, w]`.
  ///   - places: of each layer, int64 `[P]`: the pixels, counted row by row, that are taken from each of its maps.
  public func callAsFunction(_ maps: [Tensor], at places: [Tensor]) -> [Tensor] {
    precondition(
      maps.count == layers.count && places.count == layers.count,
      "this head projects \(layers.count) layers, not \(maps.count) at \(places.count) choices of places")
    return zip(layers, zip(maps, places)).map { layer, taken in
      let (map, places) = taken
      let channels = map.size(1)
      let pixels = map.permuted(2, 3, 0, 1).reshaped(-1, map.size(0), channels)
      let features = pixels.rows(places).transposed(0, 1).reshaped(-1, channels)
      let output = layer.output(layer.hidden(features).relu())
      // Their products are compared after division by a small temperature: half precision would blur them.
      let projected = output.dtype == .float64 ? output : output.to(.float32)
      return projected / (projected.norm(axes: [1], keepingAxes: true) + 1e-7)
    }
  }
}
