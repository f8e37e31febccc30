import Files
import Foundation
import Torch

/// Numbers from a Python original: a safetensors file of tensors named `case/what`, with every case's settings as JSON
/// in its metadata. `Tools/reference/README.md` says what the names mean.
public struct Fixture {
  private let file: SafetensorsFile
  private let settings: [String: [String: Setting]]

  /// Opens the file called `name` in the folder "Fixtures" of a test target's `bundle`.
  public init(_ name: String, in bundle: Bundle) throws {
    let path = (bundle.resourcePath ?? bundle.bundlePath) + "/Fixtures/\(name).safetensors"
    file = try SafetensorsFile(path)
    guard let cases = file.metadata["cases"] else { throw FileError(path, "this fixture lists no cases") }
    settings = try JSONDecoder().decode([String: [String: Setting]].self, from: Data(cases.utf8))
  }

  /// The names of the cases that begin with `prefix`, in order; there must be some.
  public func cases(_ prefix: String = "") throws -> [String] {
    let names = settings.keys.filter { $0.hasPrefix(prefix) }.sorted()
    guard !names.isEmpty else { throw FileError(file.path, "this fixture has no case '\(prefix)...'") }
    return names
  }

  /// The case called `name`.
  public subscript(name: String) -> Case {
    get throws {
      guard let found = settings[name] else { throw FileError(file.path, "this fixture has no case '\(name)'") }
      return Case(name: name, settings: found, file: file)
    }
  }

  /// One case: its settings and its tensors.
  public struct Case {
    /// The name.
    public let name: String
    let settings: [String: Setting]
    let file: SafetensorsFile

    /// The tensors' names, without the case's.
    public var tensorNames: [String] {
      file.entries.filter { $0.name.hasPrefix(name + "/") }.map { String($0.name.dropFirst(name.count + 1)) }
    }

    /// Whether there is a tensor called `what`.
    public func has(_ what: String) -> Bool { file.entry("\(name)/\(what)") != nil }

    /// The tensor called `what`.
    public subscript(what: String) -> Tensor {
      get throws {
        guard let entry = file.entry("\(name)/\(what)"), let bytes = file.bytes(of: entry.name) else {
          throw FileError(file.path, "there is no tensor '\(name)/\(what)'")
        }
        let dtype: DType
        switch entry.type {
        case .float64: dtype = .float64
        case .int64: dtype = .int64
        default: throw FileError(file.path, "'\(entry.name)' is \(entry.type.rawValue); fixtures are F64 or I64")
        }
        return Tensor(bytes: bytes, shape: entry.shape, dtype: dtype)
      }
    }

    /// The tensors whose names begin with `prefix` and a slash, by the rest of their names.
    public func tensors(under prefix: String) throws -> [String: Tensor] {
      let names = tensorNames.filter { $0.hasPrefix(prefix + "/") }
      return Dictionary(uniqueKeysWithValues: try names.map { (String($0.dropFirst(prefix.count + 1)), try self[$0]) })
    }

    /// Whether the setting is given.
    public func sets(_ key: String) -> Bool { settings[key] != nil }

    /// The setting `key` as a number.
    public func number(_ key: String) throws -> Double {
      guard case .number(let value) = settings[key] else { throw missing(key, "a number") }
      return value
    }

    /// The setting `key` as a whole number.
    public func whole(_ key: String) throws -> Int { Int(try number(key)) }

    /// The setting `key` as a Boolean.
    public func truth(_ key: String) throws -> Bool {
      guard case .truth(let value) = settings[key] else { throw missing(key, "a Boolean") }
      return value
    }

    /// The setting `key` as a text.
    public func text(_ key: String) throws -> String {
      guard case .text(let value) = settings[key] else { throw missing(key, "a text") }
      return value
    }

    /// The setting `key` as a list of numbers.
    public func numbers(_ key: String) throws -> [Double] {
      guard case .numbers(let value) = settings[key] else { throw missing(key, "a list of numbers") }
      return value
    }

    /// The setting `key` as two whole numbers.
    public func pair(_ key: String) throws -> (Int, Int) {
      let list = try numbers(key)
      guard list.count == 2 else { throw missing(key, "two numbers") }
      return (Int(list[0]), Int(list[1]))
    }

    private func missing(_ key: String, _ kind: String) -> FileError {
      FileError(file.path, "the case '\(name)' has no setting '\(key)' that is \(kind)")
    }
  }
}

/// The value of a hyperparameter.
enum Setting: Decodable {
  case truth(Bool)
  case number(Double)
  case numbers([Double])
  case text(String)

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let truth = try? value.decode(Bool.self) {
      self = .truth(truth)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let numbers = try? value.decode([Double].self) {
      self = .numbers(numbers)
    } else {
      self = .text(try value.decode(String.self))
    }
  }
}
