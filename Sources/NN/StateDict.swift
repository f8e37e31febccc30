import Torch

/// The named tensors of a network in the order of their registration, with PyTorch's `state_dict` names and layouts:
/// parameters, which training changes by gradients, and buffers such as running statistics.
public final class StateDict {
  /// One named tensor.
  public struct Entry {
    /// The name, as in "up1.weight".
    public internal(set) var name: String
    /// The tensor; ``StateDict/load(_:)`` overwrites its elements and never replaces it.
    public let tensor: Tensor
    /// Whether gradients change it.
    public let isParameter: Bool
    /// Of the weight of a layer, the axis that counts its outputs (of a group, those of transposed convolutions), each
    /// with a filter; `nil` for vectors, tables and maps.
    public let filterAxis: Int?

    /// The same tensor by another name.
    public func renamed(_ name: String) -> Entry {
      Entry(name: name, tensor: tensor, isParameter: isParameter, filterAxis: filterAxis)
    }
  }

  /// All entries, in the order of registration.
  public private(set) var entries: [Entry] = []
  /// Where new parameters draw their initial values.
  let random: RandomGenerator
  /// The type of new parameters.
  public let dtype: DType
  /// Where new parameters live.
  public let device: Device

  /// An empty dictionary whose parameters will draw their initial values from `random`.
  public init(random: RandomGenerator, dtype: DType = .float32, device: Device = .cpu) {
    self.random = random
    self.dtype = dtype
    self.device = device
  }

  /// An empty dictionary whose parameters are of the kind of another's and draw from the same random numbers, after them.
  public convenience init(like other: StateDict) {
    self.init(random: other.random, dtype: other.dtype, device: other.device)
  }

  /// The tensors of several networks, which it shares: of each under its name and a dot. ``part(_:)`` takes one out again.
  public convenience init(joining parts: KeyValuePairs<String, StateDict>) {
    guard let first = parts.first?.value else { preconditionFailure("a dictionary of no networks has no type") }
    self.init(like: first)
    entries = parts.flatMap { name, part in part.entries.map { $0.renamed("\(name).\($0.name)") } }
  }

  /// The path from which the names of a network's layers grow.
  public var root: Path { Path(state: self, name: "") }

  /// The tensors that gradients change.
  public var parameters: [Tensor] { entries.filter(\.isParameter).map(\.tensor) }

  /// The tensors that training changes by other means than gradients.
  public var buffers: [Tensor] { entries.filter { !$0.isParameter }.map(\.tensor) }

  /// The name of the first tensor that holds something infinite or not a number; nil when none does.
  public var nonFinite: String? {
    entries.first { $0.tensor.dtype.isFloatingPoint && !$0.tensor.isFinite }?.name
  }

  /// The number of elements of all parameters.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  /// The tensor called `name`.
  public subscript(name: String) -> Tensor? { entries.first { $0.name == name }?.tensor }

  /// The tensors whose names begin with `name` and a dot, by the rest of their names, in a dictionary that shares them: a part
  /// of a network that is a model by itself.
  public func part(_ name: String) -> StateDict {
    let part = StateDict(random: random, dtype: dtype, device: device)
    part.entries = entries.filter { $0.name.hasPrefix(name + ".") }
      .map { $0.renamed(String($0.name.dropFirst(name.count + 1))) }
    return part
  }

  /// Makes buffers of the parameters whose names begin with `name` and a dot: gradients do not change them from here on.
  public func fix(_ name: String) {
    for (index, entry) in entries.enumerated() where entry.isParameter && entry.name.hasPrefix(name + ".") {
      entry.tensor.requiringGradient(false)
      entries[index] = Entry(name: entry.name, tensor: entry.tensor, isParameter: false, filterAxis: entry.filterAxis)
    }
  }

  func register(_ name: String, _ tensor: Tensor, isParameter: Bool, filterAxis: Int? = nil) -> Tensor {
    precondition(self[name] == nil, "two tensors would be called '\(name)'")
    if isParameter { tensor.requiringGradient() }
    entries.append(Entry(name: name, tensor: tensor, isParameter: isParameter, filterAxis: filterAxis))
    return tensor
  }

  func rename(_ tensor: Tensor, to name: (String) -> String) {
    guard let index = entries.firstIndex(where: { $0.tensor.isSame(as: tensor) }) else {
      preconditionFailure("only a registered tensor can be renamed")
    }
    entries[index].name = name(entries[index].name)
  }

  /// Overwrites every tensor with the one of its name in `source`.
  ///
  /// - Throws: ``StateDictError`` that lists what is missing, what is left over and whose shape differs; nothing has
  ///   been overwritten then.
  public func load(_ source: [String: Tensor]) throws(StateDictError) {
    let missing = entries.map(\.name).filter { source[$0] == nil }
    let unexpected = source.keys.filter { self[$0] == nil }.sorted()
    let mismatched = entries.compactMap { entry -> String? in
      guard let given = source[entry.name], given.shape != entry.tensor.shape else { return nil }
      return "\(entry.name) has shape \(given.shape), expected \(entry.tensor.shape)"
    }
    guard missing.isEmpty, unexpected.isEmpty, mismatched.isEmpty else {
      throw StateDictError(missing: missing, unexpected: unexpected, mismatched: mismatched)
    }
    withoutGradient {
      for entry in entries { if let given = source[entry.name] { entry.tensor.copy(from: given) } }
    }
  }

  /// Overwrites every tensor with its namesake in a network of the same kind.
  public func copy(from other: StateDict) throws(StateDictError) {
    try load(Dictionary(uniqueKeysWithValues: other.entries.map { ($0.name, $0.tensor) }))
  }
}

/// Tensors that do not fit a network.
public struct StateDictError: Error, CustomStringConvertible {
  /// Names the network has and the source lacks.
  public let missing: [String]
  /// Names the source has and the network lacks.
  public let unexpected: [String]
  /// Sentences about tensors whose shapes differ.
  public let mismatched: [String]

  /// All of it in one sentence.
  public var description: String {
    var parts: [String] = []
    if !missing.isEmpty { parts.append("missing: \(Self.listed(missing))") }
    if !unexpected.isEmpty { parts.append("not part of this network: \(Self.listed(unexpected))") }
    if !mismatched.isEmpty { parts.append(Self.listed(mismatched, separator: "; ")) }
    return "the weights do not fit the network (\(parts.joined(separator: "; ")))"
  }

  /// The first few: of another network, all of several hundred differ.
  private static func listed(_ names: [String], separator: String = ", ") -> String {
    let shown = names.prefix(8).joined(separator: separator)
    return names.count <= 8 ? shown : "\(shown) and \(names.count - 8) more"
  }
}
