import Datasets
import Foundation
import Torch

/// Calls `body` with a fresh folder, which is removed afterwards.
func withFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.path + "/swift-gan-metrics-" + UUID().uuidString
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  let outcome = Result { try body(folder) }
  try FileManager.default.removeItem(atPath: folder)
  try outcome.get()
}

/// Grey pictures of noisy stripes, in IDX files: class 0 has lines, class 1 columns, class 2 a checkerboard of 4x4 pixels.
struct ToyPictures {
  let folder: String
  var side = 12
  var classes = 3
  /// The label of class 0.
  var firstLabel = 0

  /// The pictures of `split` (200 to learn from, 90 else), which are written first; without `labelled` their labels are not.
  func load(_ split: Split, labelled: Bool = true) throws -> Dataset {
    let count = split == .train ? 200 : 90
    var random = CounterRandom(seed: 1, stream: split == .train ? 0 : 1, index: side)
    var pixels: [UInt8] = []
    for index in 0..<count {
      let phase = random.below(4)
      for row in 0..<side {
        for column in 0..<side {
          let (a, b) = ((row + phase) / 2 % 2, (column + phase) / 2 % 2)
          let isLight = [a, b, a ^ b][index % classes] == 1
          pixels.append(UInt8((isLight ? 180 : 20) + random.below(60)))
        }
      }
    }
    let name = split == .train ? "train" : "t10k"
    let path = "\(folder)/\(name)-images-idx3-ubyte"
    try write([0, 0, 8, 3], [count, side, side], pixels, to: path)
    if labelled {
      let labels = (0..<count).map { UInt8(firstLabel + $0 % classes) }
      try write([0, 0, 8, 1], [count], labels, to: "\(folder)/\(name)-labels-idx1-ubyte")
    }
    return try DataSource(path).load(split, options: options)
  }

  /// Options whose cache lies in the folder.
  var options: LoadOptions { LoadOptions(environment: ["HOME": folder]) }

  private func write(_ mark: [UInt8], _ sizes: [Int], _ bytes: [UInt8], to path: String) throws {
    let head = sizes.flatMap { size in (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } }
    try Data(mark + head + bytes).write(to: URL(fileURLWithPath: path))
  }
}

/// Pictures that depend on their place alone, in [-1, 1].
func waves(_ shape: [Int]) -> Tensor {
  let count = shape.reduce(1, *)
  return Tensor((0..<count).map { Float(sin(Double($0) * 0.37) * cos(Double($0) * 0.011)) }, shape: shape)
}
