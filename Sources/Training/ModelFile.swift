import Files
import Foundation
import Torch

/// A model to ship, in a safetensors file that needs nothing beside it.
///
/// The tensors have PyTorch's `state_dict` names; the metadata says `network`, `settings` (a JSON object of whole numbers),
/// what else the network is built with, `inputs` and `output` (JSON), `value_range`, `kind` and `swift_gan`; a model of classes
/// also has `classes` (a JSON object with `counts` and `names`).
public enum ModelFile {
  /// Writes `model`, whole or not at all.
  ///
  /// - Throws: `FileError`; ``TrainingError`` when a weight is not finite.
  public static func write(_ model: any Model, to path: String) throws {
    let state = model.state
    if let spoilt = state.nonFinite { throw TrainingError("the model's \(spoilt) is not finite; it is not saved") }
    try SafetensorsWriter.write(
      state.entries.map { SafetensorsWriter.Item($0.name, $0.tensor) }, metadata: try model.blueprint.metadata(),
      to: path)
  }

  /// The model of a file, built by `registry`: what the file's metadata describe or, where it has none, what the registry
  /// recognises by the names and shapes of its tensors.
  ///
  /// - Throws: `FileError` that says what is wrong with the file, or that the registry does not know its network.
  public static func read(_ path: String, _ registry: Registry) throws(FileError) -> any Model {
    let file = try SafetensorsFile(path)
    let described = try describe(file, registry)
    let blueprint = described.blueprint
    guard let entry = registry[blueprint.network] else {
      let known = registry.networks.joined(separator: ", ")
      throw FileError(path, "unknown network '\(blueprint.network)'; there are \(known)")
    }
    do {
      // Sizes are only words: before memory is asked for, the file must hold as much as they promise.
      let (promised, held) = (
        try entry.leastElements(blueprint), file.entries.reduce(0) { $0 + $1.shape.reduce(1, *) }
      )
      guard promised <= Double(held) else {
        throw FileError(
          path,
          "the network that it describes has weights of \(Int(promised)) numbers or more, but the whole file holds \(held)"
        )
      }
      let model = try withTorchErrors { try entry.make(blueprint) }
      var tensors: [String: Tensor] = [:]
      // Files of PyTorch before 0.4.1 do not count batches, and no computation reads the count.
      for own in model.state.entries where own.name.hasSuffix("num_batches_tracked") { tensors[own.name] = own.tensor }
      for (name, stored) in described.tensors { tensors[name] = try file.tensor(stored) }
      try model.state.load(tensors)
      let spoilt = try withTorchErrors { model.state.nonFinite }
      if let spoilt { throw FileError(path, "its tensor \(spoilt) holds what is infinite or not a number") }
      try withTorchErrors { try model.validate() }
      return model
    } catch let error as FileError {
      throw error
    } catch {
      throw FileError(path, "\(error)")
    }
  }

  /// What the file says of its model, and what it calls each of the model's tensors.
  private static func describe(_ file: SafetensorsFile, _ registry: Registry) throws(FileError) -> ForeignFile {
    guard file.metadata["network"] == nil, file.metadata["settings"] == nil else {
      let names = file.entries.map { ($0.name, $0.name) }
      return ForeignFile(try Blueprint(file.metadata, file.path), tensors: Dictionary(uniqueKeysWithValues: names))
    }
    do {
      if let known = try registry.recognise(file.entries) { return known }
    } catch {
      throw FileError(file.path, "\(error)")
    }
    let shown = file.entries.prefix(3).map { "'\($0.name)'" }.joined(separator: ", ")
    throw FileError(
      file.path,
      "this is not a model of swift-gan: its metadata lacks 'network' or 'settings', and "
        + (shown.isEmpty ? "it has no tensors" : "its tensors, such as \(shown), belong to no known network"))
  }
}

/// The networks of which model files can be read, by name. A value that is passed on: a program adds its own.
///
/// ```swift
/// let registry = Registry.standard.adding("my-network") { blueprint in MyNetwork(width: blueprint.settings["width"] ?? 64) }
/// ```
public struct Registry: Sendable {
  struct Entry: Sendable {
    let make: @Sendable (Blueprint) throws -> any Model
    let leastElements: @Sendable (Blueprint) throws -> Double
  }

  private var entries: [(network: String, entry: Entry)] = []
  private var recognisers: [@Sendable ([SafetensorsFile.Entry]) throws -> ForeignFile?] = []

  /// A registry without networks.
  public init() {}

  /// The registry with a further network.
  ///
  /// - Parameters:
  ///   - leastElements: a number of elements that the network's weights have at least, by which a file that promises more
  ///     than it holds is refused before memory is asked for.
  ///   - make: builds the network, with any weights; it throws where the blueprint's settings cannot be.
  public func adding(
    _ network: String, leastElements: @escaping @Sendable (Blueprint) throws -> Double = { _ in 0 },
    _ make: @escaping @Sendable (Blueprint) throws -> any Model
  ) -> Registry {
    var registry = self
    registry.entries.removeAll { $0.network == network }
    registry.entries.append((network, Entry(make: make, leastElements: leastElements)))
    return registry
  }

  /// The registry that also reads files of another program, which have no metadata.
  ///
  /// - Parameter recognise: what the file with these tensors is; `nil` if it is none that it knows. It throws where it knows
  ///   the program that wrote the file and cannot read it, with the sentence that says why.
  public func recognising(
    _ recognise: @escaping @Sendable ([SafetensorsFile.Entry]) throws -> ForeignFile?
  ) -> Registry {
    var registry = self
    registry.recognisers.append(recognise)
    return registry
  }

  /// What the first that knows a file with these tensors says of it.
  func recognise(_ tensors: [SafetensorsFile.Entry]) throws -> ForeignFile? {
    for recognise in recognisers {
      if let known = try recognise(tensors) { return known }
    }
    return nil
  }

  /// The names that it knows, in the order in which they were added.
  public var networks: [String] { entries.map(\.network) }

  subscript(network: String) -> Entry? { entries.first { $0.network == network }?.entry }
}
