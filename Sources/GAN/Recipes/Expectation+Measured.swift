// Written by Benchmarks/quality/report.py of what `Benchmarks/quality/measure.py recipes` found.
extension Expectation {
  /// Where and when it was measured.
  public static let conditions = """
    3 minutes of MNIST with 2 threads of AMD EPYC (family 26, model 2), bfloat16, 21 November 2026 to 22 November 2026
    """

  /// By the names of the recipes.
  static let measured: [String: Expectation] = [
    "auto": Expectation(fid: 0.0854, milliseconds: 13.2, gigabytes: 0.41),
    "dcgan": Expectation(fid: 4.42, milliseconds: 21.2, gigabytes: 0.4),
    "mlp": Expectation(fid: 1.85, milliseconds: 9.7, gigabytes: 0.39),
    "dcgan-keras": Expectation(fid: 23.5, milliseconds: 149, gigabytes: 0.51),
    "lsgan": Expectation(fid: 3.78, milliseconds: 24.3, gigabytes: 0.37),
    "wgan": Expectation(fid: 11.1, milliseconds: 70.9, gigabytes: 0.38),
    "wgan-gp": Expectation(fid: 9.3, milliseconds: 140, gigabytes: 0.4),
    "sngan": Expectation(fid: 6.47, milliseconds: 358, gigabytes: 0.46),
    "r3gan": Expectation(fid: 39.9, milliseconds: 425, gigabytes: 0.99),
    "pacgan": Expectation(fid: 4.19, milliseconds: 18.1, gigabytes: 0.39),
    "cdcgan": Expectation(fid: 0.106, milliseconds: 26.6, gigabytes: 0.39),
    "acgan": Expectation(fid: 0.44, milliseconds: 24.4, gigabytes: 0.37),
    "sngan-projection": Expectation(fid: 10.5, milliseconds: 382, gigabytes: 0.53),
  ]
}
