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

  /// The model that a file describes, built by `registry`.
  ///
  /// - Throws: `FileError` that says what is wrong with the file, or that the registry does not know its network.
  public static func read(_ path: String, _ registry: Registry) throws(FileError) -> any Model {
    let file = try SafetensorsFile(path)
    let blueprint = try Blueprint(file.metadata, path)
    guard let entry = registry[blueprint.network] else {
      let known = registry.networks.joined(separator: ", ")
      throw FileError(path, "unknown network '\(blueprint.network)'; there are \(known)")
    }
    do {
      // Sizes are only words: before memory is asked for, the file must hold as much as they promise.
      let (promised, held) = (
        try entry.largestWeight(blueprint), file.entries.reduce(0) { $0 + $1.shape.reduce(1, *) }
      )
      guard promised <= Double(held) else {
        throw FileError(
          path, "its 'settings' promise a weight of \(Int(promised)) numbers, but the whole file holds \(held)")
      }
      let model = try withTorchErrors { try entry.make(blueprint) }
      try model.state.load(try file.tensors())
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
}

/// The networks of which model files can be read, by name. A value that is passed on: a program adds its own.
///
/// ```swift
/// let registry = Registry.standard.adding("my-network") { blueprint in MyNetwork(width: blueprint.settings["width"] ?? 64) }
/// ```
public struct Registry: Sendable {
  struct Entry: Sendable {
    let make: @Sendable (Blueprint) throws -> any Model
    let largestWeight: @Sendable (Blueprint) throws -> Double
  }

  private var entries: [(network: String, entry: Entry)] = []

  /// A registry without networks.
  public init() {}

  /// The registry with a further network.
  ///
  /// - Parameters:
  ///   - largestWeight: the number of elements of the network's largest weight, by which a file that promises more than it
  ///     holds is refused before memory is asked for.
  ///   - make: builds the network, with any weights; it throws where the blueprint's settings cannot be.
  public func adding(
    _ network: String, largestWeight: @escaping @Sendable (Blueprint) throws -> Double = { _ in 0 },
    _ make: @escaping @Sendable (Blueprint) throws -> any Model
  ) -> Registry {
    var registry = self
    registry.entries.removeAll { $0.network == network }
    registry.entries.append((network, Entry(make: make, largestWeight: largestWeight)))
    return registry
  }

  /// The names that it knows, in the order in which they were added.
  public var networks: [String] { entries.map(\.network) }

  subscript(network: String) -> Entry? { entries.first { $0.network == network }?.entry }
}
