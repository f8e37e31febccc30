import Dispatch
import Files
import Foundation

/// Handwritten-looking digits, drawn by code: the data set that is always available.
///
/// 28x28 pictures like MNIST's (white ink on black paper, the ink's longer side about 20 pixels, centred by mass), ten
/// balanced classes in shuffled order. Image `i` depends on the seed, the split and `i` alone, and is the same to the
/// bit on every machine: only integers, the four operations and the square root are used, which IEEE 754 fixes.
public enum Digits {
  /// The side of a picture in pixels.
  public static let side = DigitRaster.side
  /// The number of classes: label k is the digit k.
  public static let classes = 10

  /// The number of images in the data set's `split`: 60,000 and 10,000.
  public static func count(_ split: Split) -> Int { split == .train ? 60_000 : 10_000 }

  /// Draws the images of `split` whose indices are in `range`.
  ///
  /// - Parameters:
  ///   - range: indices from 0. Those from ``count(_:)`` on are drawn as well, but belong to no data set.
  ///   - threads: how many threads draw, by default as many as the process may really use; the pictures do not depend on it.
  /// - Returns: `pixels` `[N, 28, 28]`, 0 for paper to 255 for ink, and `labels` `[N]`, 0 to 9.
  public static func render(
    _ range: Range<Int>, split: Split, seed: UInt64 = 1, threads: Int = UsableProcessors.here.threads
  ) -> (pixels: [UInt8], labels: [UInt8]) {
    render(range, split: split, seed: seed, threads: threads, channels: 1) { grey, _, pixels in
      pixels.update(from: grey, count: DigitRaster.pixels)
    }
  }

  /// Draws the same digits as ``render(_:split:seed:threads:)`` in a random ink colour on a random darker paper.
  ///
  /// - Returns: `pixels` `[N, 28, 28, 3]`, red, green and blue from 0 to 255, and `labels` `[N]`, 0 to 9.
  public static func renderColor(
    _ range: Range<Int>, split: Split, seed: UInt64 = 1, threads: Int = UsableProcessors.here.threads
  ) -> (pixels: [UInt8], labels: [UInt8]) {
    render(range, split: split, seed: seed, threads: threads, channels: 3) { grey, index, pixels in
      var random = CounterRandom(seed: seed, stream: Stream.color.number(split), index: index)
      DigitColors(&random).paint(grey, into: pixels)
    }
  }

  /// The independent streams of random numbers under a seed.
  private enum Stream: UInt64 {
    case shape, order, color

    func number(_ split: Split) -> UInt64 { 2 * rawValue + (split == .train ? 0 : 1) }
  }

  /// The digit that image `index` shows. Every ten images from a multiple of ten on are a shuffle of the ten digits.
  private static func label(_ index: Int, split: Split, seed: UInt64) -> Int {
    var random = CounterRandom(seed: seed, stream: Stream.order.number(split), index: index / classes)
    // The order as ten hexadecimal digits: an array here would cost more than the drawing does.
    var order: UInt64 = 0x98_7654_3210
    for place in stride(from: classes - 1, to: 0, by: -1) {
      let (a, b) = (4 * UInt64(place), 4 * UInt64(random.below(place + 1)))
      let difference = (order >> a ^ order >> b) & 15
      order ^= difference << a
      order ^= difference << b
    }
    return Int(order >> (4 * UInt64(index % classes)) & 15)
  }

  private static func render(
    _ range: Range<Int>, split: Split, seed: UInt64, threads: Int, channels: Int,
    finish: @Sendable (UnsafePointer<UInt8>, Int, UnsafeMutablePointer<UInt8>) -> Void
  ) -> (pixels: [UInt8], labels: [UInt8]) {
    precondition(range.lowerBound >= 0, "digits \(range): indices start at 0")
    precondition(threads > 0, "\(threads) threads to draw digits: at least 1 is needed")
    let bytes = DigitRaster.pixels * channels
    let parts = max(1, min(threads, range.count))
    var labels = [UInt8](repeating: 0, count: range.count)
    let pixels = [UInt8](unsafeUninitializedCapacity: range.count * bytes) { buffer, initialized in
      labels.withUnsafeMutableBufferPointer { labelBuffer in
        guard let image = buffer.baseAddress, let label = labelBuffer.baseAddress else { return }
        // Each part writes elements of its own.
        nonisolated(unsafe) let (images, labels) = (image, label)
        DispatchQueue.concurrentPerform(iterations: parts) { part in
          var pen = DigitPen()
          let grey = UnsafeMutablePointer<UInt8>.allocate(capacity: DigitRaster.pixels)
          defer { grey.deallocate() }
          for place in part * range.count / parts..<(part + 1) * range.count / parts {
            let index = range.lowerBound + place
            let digit = Self.label(index, split: split, seed: seed)
            var random = CounterRandom(seed: seed, stream: Stream.shape.number(split), index: index)
            pen.draw(DigitSkeleton.all[digit], &random, into: grey)
            finish(grey, index, images + place * bytes)
            labels[place] = UInt8(digit)
          }
        }
      }
      initialized = range.count * bytes
    }
    return (pixels, labels)
  }
}
