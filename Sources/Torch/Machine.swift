import CTorch

/// What libtorch found on this machine.
public enum Machine {
  /// The version of libtorch, as in "2.11.0".
  public static var libtorchVersion: String { String(cString: ctorch_version()) }

  /// How many threads an operator may use.
  ///
  /// - Precondition: 1 or more.
  public static var threads: Int {
    get { Int(value(1, "the number of threads") { ctorch_thread_count(&$0) }) }
    set {
      precondition(newValue > 0, "the number of threads must be at least 1, not \(newValue)")
      let status = ctorch_set_thread_count(Int32(clamping: newValue))
      if status != CTORCH_OK { fail(.last(status, "setting \(newValue) threads")) }
    }
  }

  /// How many threads a parallel region really has, counted by running one.
  public static var measuredTeamSize: Int {
    Int(value(0, "the size of a team of threads") { ctorch_measured_team_size(&$0) })
  }

  /// Keeps memory that is freed for what is allocated next, in the whole process from now on, instead of returning it
  /// to the system.
  ///
  /// A training step frees large tensors and allocates the same again; each page that the system hands out anew it first
  /// sets to zero, which took a tenth of a step. The price is that the process stays as large as it once was. It is for
  /// programs that train on their first thread: the heaps of others are made of pieces of 64 MB, which go back when they
  /// are empty.
  public static func keepFreedMemory() { ctorch_keep_freed_memory() }

  /// The instructions that libtorch's own kernels use: "AVX512", "AVX2" or "DEFAULT".
  public static var cpuCapability: String { String(cString: ctorch_cpu_capability()) }

  /// Whether this processor has "avx2", "avx512f", "avx512bf16" or "amx-bf16".
  public static func has(_ feature: String) -> Bool { ctorch_cpu_has(feature) }

  /// Whether an NVIDIA GPU can be used: the CUDA libraries are loaded and a device answers.
  public static var hasCUDA: Bool { ctorch_has_cuda() }
}
