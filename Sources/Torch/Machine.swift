import CTorch

/// What libtorch found on this machine.
public enum Machine {
  /// The version of libtorch, as in "2.11.0".
  public static var libtorchVersion: String { String(cString: ctorch_version()) }

  /// How many threads an operator may use.
  public static var threads: Int {
    get { Int(ctorch_thread_count()) }
    set { ctorch_set_thread_count(Int32(newValue)) }
  }

  /// How many threads a parallel region really has, counted by running one.
  public static var measuredTeamSize: Int { Int(ctorch_measured_team_size()) }

  /// The instructions that libtorch's own kernels use: "AVX512", "AVX2" or "DEFAULT".
  public static var cpuCapability: String { String(cString: ctorch_cpu_capability()) }

  /// Whether this processor has "avx2", "avx512f", "avx512bf16" or "amx-bf16".
  public static func has(_ feature: String) -> Bool { ctorch_cpu_has(feature) }

  /// Whether an NVIDIA GPU can be used: the CUDA libraries are loaded and a device answers.
  public static var hasCUDA: Bool { ctorch_has_cuda() }
}
