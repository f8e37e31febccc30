import Samples
import Torch

// Metrics of pairs whose targets are label maps. Every pixel of samples and targets counts as the class of the nearest colour
// of the palette, and both metrics read the confusion matrix of all pixels (Long, Shelhamer and Darrell 2015,
// arXiv:1411.4038, section 5), as the scripts of pix2pix do for the labels of streets.
extension Metric {
  /// The share of pixels whose class is right.
  public static let pixelAccuracy = ofLabelMaps("pixel-accuracy", leads: []) { matrix in
    let right = matrix.indices.reduce(0) { $0 + matrix[$1][$1] }
    return right / matrix.joined().reduce(0, +)
  }

  /// Intersection over union, a mean over the classes that occur in samples or targets. It decides about label maps: pixels
  /// that are right may all be of the commonest class.
  public static let iou = ofLabelMaps("iou", leads: [.labelMaps]) { matrix in
    let ratios = matrix.indices.compactMap { index -> Double? in
      let union = matrix[index].reduce(0, +) + matrix.reduce(0) { $0 + $1[index] } - matrix[index][index]
      return union > 0 ? matrix[index][index] / union : nil
    }
    return ratios.reduce(0, +) / Double(ratios.count)
  }

  /// - Parameter value: the value of a confusion matrix, a row for each class of the targets.
  private static func ofLabelMaps(
    _ name: String, leads: [Need], _ value: @escaping @Sendable (_ matrix: [[Double]]) -> Double
  ) -> Metric {
    Metric(
      name, better: .high, needs: [.pictures, .pairs, .labelMaps], inTraining: [.pictures], leads: leads,
      extractor: ExtractorInfo(ofPixels: "\(name) of the nearest colours of the data's palette, 1")
    ) { palette in
      guard let palette else { throw MetricError("\(name) needs \(Need.labelMaps)") }
      let classes = palette.colors.count
      return PairMeasure(
        rows: { pairs in confusion(of: pairs.samples, try pairs.targets(of: name), by: palette) },
        value: { numbers in
          let rows = stride(from: 0, to: numbers.count, by: classes)
          return value(rows.map { first in Array(numbers[first..<(first + classes)]) })
        })
    }
  }

  /// How many pixels of each class of the targets are of each class in the samples, a matrix for each pair: `[N, K²]`.
  private static func confusion(of samples: Tensor, _ targets: Tensor, by palette: Palette) -> Tensor {
    let classes = palette.colors.count
    let cells = (palette.classes(of: targets) * Double(classes) + palette.classes(of: samples)).to(.int64)
    return .stacked(
      (0..<cells.size(0)).map { countOccurrences(.tensor(cells[$0].reshaped(-1)), .none, .int(classes * classes)) },
      axis: 0
    ).to(.float64)
  }
}

private let countOccurrences = Operation("aten::bincount")
