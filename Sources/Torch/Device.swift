/// Where a tensor's elements live.
public enum Device: Sendable, Hashable, CustomStringConvertible {
  case cpu
  case cuda(Int)

  init(type: Int32, index: Int32) { self = type == 1 ? .cuda(Int(index)) : .cpu }

  /// libtorch's `c10::DeviceType`.
  var type: Int32 {
    switch self {
    case .cpu: 0
    case .cuda: 1
    }
  }

  /// libtorch's device index; the host has none.
  var index: Int32 {
    switch self {
    case .cpu: -1
    case .cuda(let index): Int32(index)
    }
  }

  /// "cpu" or "cuda:0".
  public var description: String {
    switch self {
    case .cpu: "cpu"
    case .cuda(let index): "cuda:\(index)"
    }
  }
}

/// The order of a tensor's elements in memory; the raw value is libtorch's `c10::MemoryFormat`.
public enum MemoryFormat: Int32, Sendable {
  /// Row after row: the last axis varies fastest.
  case contiguous = 0
  /// As the source tensor has it.
  case preserve = 1
  /// `[N, C, H, W]` with the channels varying fastest, which convolutions prefer.
  case channelsLast = 2
}
