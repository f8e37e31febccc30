import Files

extension DType {
  /// The same type as safetensors names it.
  var safetensors: SafetensorsType {
    switch self {
    case .uint8: .uint8
    case .int8: .int8
    case .int16: .int16
    case .int32: .int32
    case .int64: .int64
    case .float16: .float16
    case .float32: .float32
    case .float64: .float64
    case .bool: .bool
    case .bfloat16: .bfloat16
    }
  }
}

extension SafetensorsWriter.Item {
  /// `tensor` in row-major order, copied to the host only when its turn to be written comes.
  public init(_ name: String, _ tensor: Tensor) {
    self.init(name, tensor.dtype.safetensors, shape: tensor.shape) { write in
      try tensor.detached().to(.cpu).contiguous().withUnsafeBytes(write)
    }
  }
}

extension SafetensorsFile {
  /// A copy of the tensor called `name`.
  ///
  /// - Throws: `FileError` when there is none, or libtorch has no type for its elements.
  public func tensor(_ name: String) throws(FileError) -> Tensor {
    guard let entry = entry(name), let bytes = bytes(of: name) else {
      throw FileError(path, "there is no tensor '\(name)' in this file")
    }
    guard let dtype = DType.allCases.first(where: { $0.safetensors == entry.type }) else {
      throw FileError(path, "tensor '\(name)' has type \(entry.type.rawValue), which libtorch does not compute with")
    }
    return Tensor(bytes: bytes, shape: entry.shape, dtype: dtype)
  }

  /// Copies of all tensors, by name.
  ///
  /// - Throws: `FileError` when libtorch has no type for one's elements.
  public func tensors() throws(FileError) -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for entry in entries { tensors[entry.name] = try tensor(entry.name) }
    return tensors
  }
}
