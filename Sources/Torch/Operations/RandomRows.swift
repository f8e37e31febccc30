private let normalRowsOperation = Operation("gan::normal_rows_")
private let randomWordsOperation = Operation("gan::random_words_")
private let shiftRight = Operation("aten::bitwise_right_shift", "Tensor_Scalar")
private let times = Operation("aten::mul", "Scalar")
private let plus = Operation("aten::add", "Scalar")

// Numbers by counting, from Philox4x32-10 (Salmon et al. 2011): each is a pure function of `seed`, `stream`, its row and its
// column. Row i is row `first + i` of one endless sequence, however many rows are asked for. On any device the words, and with
// them uniform and whole numbers, are the same; normal numbers are equal to rounding.
extension Tensor {
  /// Standard normal numbers `[count, size]`, float32: pairs by Box and Muller 1958.
  public static func normalRows(
    count: Int, size: Int, seed: UInt64, stream: UInt32 = 0, first: Int = 0, device: Device = .cpu
  ) -> Tensor {
    drawn(normalRowsOperation, .empty([count, size], device: device), seed, stream, first)
  }

  /// Numbers in 0 ..< 1, `[count, size]`, float32: multiples of 2⁻²⁴, each as likely as any other.
  public static func uniformRows(
    count: Int, size: Int, seed: UInt64, stream: UInt32 = 0, first: Int = 0, device: Device = .cpu
  ) -> Tensor {
    let words = wordRows(count: count, size: size, seed: seed, stream: stream, first: first, device: device)
    // The upper 24 bits: a float32 holds no more.
    return shiftRight(.tensor(words), .int(8)).to(.float32) * 0x1p-24
  }

  /// Whole numbers of `range`, int64 `[count, size]`. Of n numbers none is more likely than another by more than a share of
  /// n / 2³².
  ///
  /// - Precondition: `range` holds 1 to 2³¹ numbers.
  public static func wholeNumberRows(
    count: Int, size: Int, in range: Range<Int>, seed: UInt64, stream: UInt32 = 0, first: Int = 0, device: Device = .cpu
  ) -> Tensor {
    precondition(
      (1...1 << 31).contains(range.count), "whole numbers are drawn from 1 to 2³¹ of them, not from \(range)")
    let words = wordRows(count: count, size: size, seed: seed, stream: stream, first: first, device: device)
    let places = shiftRight(.tensor(times(.tensor(words), .int(range.count))), .int(32))
    return plus(.tensor(places), .int(range.lowerBound))
  }

  /// Whole numbers in 0 ..< 2³², int64 `[count, size]`: the words themselves.
  static func wordRows(count: Int, size: Int, seed: UInt64, stream: UInt32, first: Int, device: Device) -> Tensor {
    drawn(randomWordsOperation, .empty([count, size], dtype: .int64, device: device), seed, stream, first)
  }

  private static func drawn(_ kernel: Operation, _ rows: Tensor, _ seed: UInt64, _ stream: UInt32, _ first: Int)
    -> Tensor
  {
    kernel(.tensor(rows), .int(Int(bitPattern: UInt(seed))), .int(Int(stream)), .int(first))
  }
}
