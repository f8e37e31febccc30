import Files

/// The package itself.
public enum SwiftGAN {
  /// Its version.
  public static let version = packageVersion
}
