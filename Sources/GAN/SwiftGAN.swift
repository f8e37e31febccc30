@_exported import Datasets
@_exported import Metrics
@_exported import NN
@_exported import Pictures
@_exported import RunLog
@_exported import Samples
@_exported import Torch
@_exported import Training
import Files

/// The package itself.
public enum SwiftGAN {
  /// Its version.
  public static let version = packageVersion
}
