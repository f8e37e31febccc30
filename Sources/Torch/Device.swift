import CTorch

/// Where a tensor's elements live: any device that libtorch knows.
public struct Device: Sendable, Hashable {
  /// libtorch's `c10::DeviceType`.
  let type: Int32
  /// Which of several devices of the type, from 0; −1 for the host, which has no number.
  let index: Int32

  init(type: Int32, index: Int32) { (self.type, self.index) = (type, index) }

  /// The device of this name, as libtorch spells it: "cpu", "cuda:1"; the first GPU where a number is missing.
  ///
  /// - Throws: ``TorchError`` for a name that libtorch does not know.
  public init(_ name: String) throws(TorchError) {
    var (type, index): (Int32, Int32) = (0, 0)
    try check(ctorch_device_named(name, &type, &index), "the device '\(name)'")
    self.init(type: type, index: index)
  }

  /// The host.
  public static let cpu = Device(type: 0, index: -1)

  /// NVIDIA GPU number `index`, from 0.
  public static func cuda(_ index: Int = 0) -> Device { Device(type: 1, index: Int32(clamping: index)) }
}

extension Device: CustomStringConvertible {
  /// libtorch's spelling: "cpu" or "cuda:0".
  public var description: String { String(cString: ctorch_device_name(type, index)) }
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
