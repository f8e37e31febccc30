import CPNG
import CTurboJPEG
import CZlib

/// The system's libraries that decode what data sets are stored in.
public enum Codecs {
  /// Each library's name and the version that is loaded.
  public static var versions: [(name: String, version: String)] {
    [
      ("libpng", String(cString: png_get_libpng_ver(nil))),
      ("zlib", String(cString: zlibVersion())),
      ("TurboJPEG", turboJPEGAnswers ? "answers" : "does not answer: reinstall libturbojpeg0"),
    ]
  }

  /// TurboJPEG 2 has no function that tells its version; that it makes a decoder is what can be asked.
  private static var turboJPEGAnswers: Bool {
    guard let decoder = tjInitDecompress() else { return false }
    tjDestroy(decoder)
    return true
  }
}
