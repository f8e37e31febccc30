/// The package itself.
public enum SwiftGAN {
  /// Its version.
  public static let version = "0.1.0"
}
