import Datasets
import NN
import Samples
import Torch

/// What leaves a game to be used: a network that says what it takes and what it gives, so that a file of it needs nothing
/// beside it.
public protocol Model: Module {
  /// What its file says of it.
  var blueprint: Blueprint { get }
  /// The name of its file in a run's folder.
  var fileName: String { get }
  /// Checks the values of its tensors, once they have been read from a file and are known to be finite.
  ///
  /// - Throws: ``TrainingError`` that names a tensor whose values cannot be, and why.
  func validate() throws
  /// The model of the way back, which makes what this model takes of what it gives; nil where there is none. By it the judge
  /// says what the way there and back changes.
  var inverse: (any Model)? { get }
  /// The output columns of `input`, which has the columns of the blueprint's inputs.
  func callAsFunction(_ input: Batch, _ pass: Pass) -> Batch
}

/// A model with a truncation of its own, by which samples get more typical and less varied; that of other models cuts their
/// latents off.
public protocol TruncatedModel: Model {
  /// The output columns of `input`.
  ///
  /// - Parameter truncation: how far samples may be from the typical one; 1 for what the model gives by itself.
  func callAsFunction(_ input: Batch, truncation: Double, _ pass: Pass) -> Batch
}

extension Model {
  /// `model.safetensors`.
  public var fileName: String { "model.safetensors" }

  /// None.
  public var inverse: (any Model)? { nil }

  /// Any finite values will do.
  public func validate() throws {}

  /// Where it computes: where its tensors live, and where what it takes must lie.
  public var device: Device { state.device }

  /// The output columns of `input`, made to be used and not to learn.
  public func callAsFunction(_ input: Batch) -> Batch { withoutGradient { self(input, .inference) } }
}

/// How a model is built again: the name under which a ``Registry`` knows its network, the network's settings, and what it takes
/// and gives.
public struct Blueprint: Sendable, Equatable {
  /// The network's name in a registry.
  public var network: String
  /// What the network is built with: whole numbers by name.
  public var settings: [String: Int]
  /// What it is built with besides: words by name.
  public var words: [String: String]
  /// What the model takes.
  public var inputs: [Input]
  /// What it gives: a column that a data set could hold.
  public var output: ColumnDescription

  /// A column that a model takes.
  public enum Input: Sendable, Equatable {
    /// So many standard normal numbers a row, the column ``Samples/Field/latents``.
    case latents(Int)
    /// The class of each row, the column ``Samples/Field/classes``.
    case classes(ClassTable)
    /// A column of data.
    case data(ColumnDescription)
  }

  /// A blueprint by its parts.
  public init(
    _ network: String, settings: [String: Int] = [:], words: [String: String] = [:], inputs: [Input],
    output: ColumnDescription
  ) {
    (self.network, self.settings, self.words) = (network, settings, words)
    (self.inputs, self.output) = (inputs, output)
  }

  /// How many random numbers make a row; 0 for a model that takes none.
  public var latentSize: Int {
    for case .latents(let size) in inputs { return size }
    return 0
  }

  /// Whether it takes columns of data.
  public var takesData: Bool {
    inputs.contains { input in
      if case .data = input { return true }
      return false
    }
  }

  /// The classes that can be asked for; nil for a model without.
  public var classTable: ClassTable? {
    for case .classes(let table) in inputs { return table }
    return nil
  }
}
