import NN

/// The images that CycleGAN shows its discriminators (Zhu et al. 2017, section 4, after Shrivastava et al. 2017; `ImagePool`
/// of the authors' code): until it is full, each new one, which it keeps; from then on, with probability ½, an older one,
/// in whose place the new one is kept.
package final class ImagePool {
  /// `[capacity, C, H, W]`; of its rows the first hold images, as many as the game has drawn.
  package let images: Tensor
  /// How many images it holds when it is full.
  package let capacity: Int

  /// - Precondition: `capacity` is positive.
  package init(capacity: Int, channels: Int, height: Int, width: Int, dtype: DType, device: Device) {
    precondition(capacity > 0, "a pool of \(capacity) images is none")
    self.capacity = capacity
    images = .zeros([capacity, channels, height, width], dtype: dtype, device: device)
  }

  /// The images that are shown in place of `new`, `[N, C, H, W]`, one after the other.
  ///
  /// - Parameters:
  ///   - first: how many images the pool was given before.
  ///   - draws: of each image two numbers in 0 ..< 1, `[N, 2]`: whether an older one is shown, and which.
  package func shown(_ new: Images, first: Int, draws: Tensor) -> Images {
    let new = new.tensor.detached()
    return withoutGradient {
      let shown = (0..<new.size(0)).map { row in
        let image = new[row..<(row + 1)]
        guard first + row >= capacity else {
          images[(first + row)..<(first + row + 1)].copy(from: image)
          return image
        }
        // On the device: nothing here depends on a number that the host would have to read.
        let isOlder = draws[row].slice(0, from: 0, count: 1).isGreater(than: 0.5).reshaped([1, 1, 1, 1])
        let place = (draws[row].slice(0, from: 1, count: 1) * Double(capacity)).clamped(0, Double(capacity - 1)).to(
          .int64)
        let older = images.rows(place)
        indexCopy(.tensor(images), .int(0), .tensor(place), .tensor(.chosen(where: isOlder, image, else: older)))
        return Tensor.chosen(where: isOlder, older, else: image)
      }
      return Images(.concatenated(shown))
    }
  }
}

private let indexCopy = Operation("aten::index_copy_")
