import CJPEG
import CPNG
import CZlib

/// The system's libraries that decode what data sets are stored in.
public enum Codecs {
  /// Each library's name and its version: the one that is loaded, or, for libjpeg-turbo, which has no function that
  /// tells it, the one that this was built with.
  public static var versions: [(name: String, version: String)] {
    [
      ("libpng", String(cString: cpng_version())),
      ("zlib", String(cString: zlibVersion())),
      ("libjpeg-turbo", String(cString: cjpeg_version())),
    ]
  }
}
