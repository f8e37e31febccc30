import CTorch

/// A value handed to an ``Operation``.
public enum Operand {
  /// An absent optional.
  case none
  /// The schema's default.
  case `default`
  case tensor(Tensor)
  case int(Int)
  case double(Double)
  case bool(Bool)
  case ints([Int])
  case bools([Bool])
  case tensors([Tensor])
  case string(String)
  case generator(RandomGenerator)
  case device(Device)

  /// A tensor, or an absent one.
  public static func optional(_ tensor: Tensor?) -> Operand { tensor.map(Operand.tensor) ?? .none }

  /// A type of elements, which schemas take as a number.
  public static func dtype(_ dtype: DType) -> Operand { .int(Int(dtype.rawValue)) }

  /// A memory format, which schemas take as a number.
  public static func format(_ format: MemoryFormat) -> Operand { .int(Int(format.rawValue)) }

  /// What an error message shows of the value: shapes rather than elements.
  var summary: String {
    switch self {
    case .none: "none"
    case .default: "default"
    case .tensor(let tensor): tensor.summary
    case .int(let value): "\(value)"
    case .double(let value): "\(value)"
    case .bool(let value): "\(value)"
    case .ints(let values): "\(values)"
    case .bools(let values): "\(values)"
    case .tensors(let tensors): "[\(tensors.map(\.summary).joined(separator: ", "))]"
    case .string(let text): "\"\(text)\""
    case .generator: "generator"
    case .device(let device): "\(device)"
    }
  }
}

/// Arguments laid out as the C interface takes them. Lists share one buffer a kind, so that a call allocates little.
struct PackedArguments {
  private var values: [CTorchValue] = []
  private var integers: [Int64] = []
  private var truths: [Bool] = []
  private var tensors: [CTorchTensor?] = []
  private var characters: [CChar] = []
  /// Keeps the references alive during the call.
  private let arguments: [Operand]

  init(_ arguments: [Operand]) {
    self.arguments = arguments
    values.reserveCapacity(arguments.count)
    for argument in arguments { append(argument) }
  }

  private mutating func append(_ argument: Operand) {
    var value = CTorchValue()
    switch argument {
    case .none: value.tag = CTORCH_NONE
    case .default: value.tag = CTORCH_DEFAULT
    case .tensor(let tensor):
      value.tag = CTORCH_TENSOR
      value.tensor = tensor.reference
    case .int(let number):
      value.tag = CTORCH_INT
      value.integer = Int64(number)
    case .double(let number):
      value.tag = CTORCH_DOUBLE
      value.number = number
    case .bool(let truth):
      value.tag = CTORCH_BOOL
      value.truth = truth
    case .ints(let list):
      value.tag = CTORCH_INTS
      value.count = Int64(list.count)
      integers += list.map(Int64.init)
    case .bools(let list):
      value.tag = CTORCH_BOOLS
      value.count = Int64(list.count)
      truths += list
    case .tensors(let list):
      value.tag = CTORCH_TENSORS
      value.count = Int64(list.count)
      tensors += list.map(\.reference)
    case .string(let text):
      value.tag = CTORCH_STRING
      value.count = Int64(text.utf8.count)
      characters += text.utf8.map { CChar(bitPattern: $0) }
    case .generator(let generator):
      value.tag = CTORCH_GENERATOR
      value.generator = generator.reference
    case .device(let device):
      value.tag = CTORCH_DEVICE
      value.device = (device.type, device.index)
    }
    values.append(value)
  }

  /// Calls `body` with the values, their lists in place.
  mutating func withValues(_ body: (UnsafeBufferPointer<CTorchValue>) -> CTorchStatus) -> CTorchStatus {
    integers.withUnsafeBufferPointer { integers in
      truths.withUnsafeBufferPointer { truths in
        tensors.withUnsafeBufferPointer { tensors in
          characters.withUnsafeBufferPointer { characters in
            var (i, b, t, c) = (0, 0, 0, 0)
            for index in values.indices {
              let count = Int(values[index].count)
              switch values[index].tag {
              case CTORCH_INTS:
                values[index].integers = integers.baseAddress.map { $0 + i }
                i += count
              case CTORCH_BOOLS:
                values[index].truths = truths.baseAddress.map { $0 + b }
                b += count
              case CTORCH_TENSORS:
                values[index].tensors = tensors.baseAddress.map { $0 + t }
                t += count
              case CTORCH_STRING:
                values[index].text = characters.baseAddress.map { $0 + c }
                c += count
              default: break
              }
            }
            return withExtendedLifetime(arguments) { values.withUnsafeBufferPointer(body) }
          }
        }
      }
    }
  }
}
