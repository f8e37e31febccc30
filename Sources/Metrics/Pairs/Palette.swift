import Datasets
import Foundation
import Samples
import Torch

/// The colours of label maps, each of which stands for a class: found in pictures that are flat but for the noise of a lossy
/// file and the blends at the borders of their regions.
public struct Palette: Sendable, Equatable {
  /// The colours, the commonest first: one or three levels from 0 to 255.
  public let colors: [[Double]]

  /// The pictures that are looked at, and the pixels at most.
  private static let (pictures, pixels) = (48, 40_000)
  /// A palette has at most so many colours, and each at least this share of the flat pixels.
  private static let (mostColors, leastShare) = (32, 0.002)
  /// A pixel is flat if no neighbour differs by more than this in a channel.
  private static let flatness = 32
  /// Label maps have at least this share of their flat pixels, those of the commonest colour left out, next to the colours.
  /// Measured: 0.85 to 0.95 on label maps of facades, 0.24 to 0.42 on photographs and on pictures of clothes.
  private static let leastConcentration = 0.7

  /// The colours of the samples of `data`.
  ///
  /// - Returns: nil for what are no label maps.
  /// - Throws: `FileError` if the file behind the data set has been shortened.
  public init?(of data: Dataset) throws {
    guard data.kind == .pictures, [1, 3].contains(data.shape.channels) else { return nil }
    let step = max(1, data.count / Self.pictures)
    let places = Array(stride(from: 0, to: data.count, by: step).prefix(Self.pictures))
    try self.init(places.map { try data.samples(at: [$0]) })
  }

  /// The colours of `pictures`, each `[1, C, H, W]` in [-1, 1].
  ///
  /// - Returns: nil for what are no label maps, or pictures of neither one channel nor three.
  public init?(_ pictures: [Tensor]) throws {
    guard let channels = pictures.first?.size(1), [1, 3].contains(channels) else { return nil }
    var flat: [[Int]] = []
    for picture in pictures.prefix(Self.pictures) { flat += Self.flatPixels(picture) }
    let step = max(1, flat.count / Self.pixels)
    let seen = stride(from: 0, to: flat.count, by: step).map { flat[$0] }
    guard let colors = Self.colors(of: seen, channels: channels) else { return nil }
    self.colors = colors
  }

  /// The place of the nearest colour of each pixel of `pictures` `[N, C, H, W]`: int64 `[N, H, W]`.
  func classes(of pictures: Tensor) -> Tensor {
    let levels = (pictures + 1) * 127.5
    let distances = colors.map { color in
      let color = Tensor(color.map(Float.init), shape: [1, color.count, 1, 1], device: pictures.device)
      return (levels - color).squared().sum(axes: [1])
    }
    return leastPlace(.tensor(.stacked(distances, axis: 0)), .int(0))
  }

  private static func flatPixels(_ picture: Tensor) -> [[Int]] {
    let (channels, height, width) = (picture.size(1), picture.size(2), picture.size(3))
    let levels = ((picture + 1) * 127.5).rounded().permuted(0, 2, 3, 1).array(of: Float.self).map { Int($0) }
    func pixel(_ y: Int, _ x: Int) -> ArraySlice<Int> {
      let first = (y * width + x) * channels
      return levels[first..<(first + channels)]
    }
    var flat: [[Int]] = []
    // A picture of millions of pixels shows its colours in some of them.
    let step = max(1, Int((Double(height * width) / Double(4 * pixels / pictures)).squareRoot()))
    for y in stride(from: 0, to: height, by: step) {
      for x in stride(from: 0, to: width, by: step) {
        let here = pixel(y, x)
        let isFlat = [(y - 1, x), (y + 1, x), (y, x - 1), (y, x + 1)].allSatisfy { row, column in
          guard (0..<height).contains(row), (0..<width).contains(column) else { return true }
          return zip(here, pixel(row, column)).allSatisfy { abs($0 - $1) <= flatness }
        }
        if isFlat { flat.append(Array(here)) }
      }
    }
    return flat
  }

  /// The densest places of `pixels` one after the other, each with what lies around it taken away.
  private static func colors(of pixels: [[Int]], channels: Int) -> [[Double]]? {
    // Two classes of grey may lie nearer to each other than two of colour, and any grey is near to one of few greys.
    let (near, apart) = channels == 3 ? (16.0, 48.0) : (8.0, 32.0)
    let least = max(leastShare * Double(pixels.count), 1)
    var (left, colors, counts): ([[Int]], [[Double]], [Int]) = (pixels, [], [])
    while colors.count < mostColors, Double(left.count) >= least {
      var cells: [Int: Int] = [:]
      for pixel in left { cells[cell(pixel), default: 0] += 1 }
      guard let densest = cells.max(by: { ($0.value, $1.key) < ($1.value, $0.key) })?.key else { break }
      var color = mean(left.filter { cell($0) == densest })
      for _ in 0..<4 {
        let around = left.filter { distance($0, color) < near }
        if !around.isEmpty { color = mean(around) }
      }
      let count = left.reduce(0) { $0 + (distance($1, color) < near ? 1 : 0) }
      guard Double(count) >= least else { break }
      colors.append(color)
      counts.append(count)
      left.removeAll { distance($0, color) < apart }
    }
    guard colors.count > 1 else { return nil }
    let commonest = counts.max() ?? 0
    let rest = Double(counts.reduce(0, +) - commonest) / Double(max(pixels.count - commonest, 1))
    guard rest >= leastConcentration else { return nil }
    return zip(colors, counts).sorted { $0.1 > $1.1 }.map(\.0)
  }

  /// The cell of twelve levels a side that a colour lies in.
  private static func cell(_ pixel: [Int]) -> Int { pixel.reduce(0) { $0 * 22 + $1 / 12 } }

  private static func mean(_ pixels: [[Int]]) -> [Double] {
    (0..<(pixels.first?.count ?? 0)).map { channel in
      Double(pixels.reduce(0) { $0 + $1[channel] }) / Double(pixels.count)
    }
  }

  private static func distance(_ pixel: [Int], _ color: [Double]) -> Double {
    zip(pixel, color).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }.squareRoot()
  }
}

private let leastPlace = Operation("aten::argmin")
