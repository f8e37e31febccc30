import CTorch
import Files

/// What libtorch found on this machine.
public enum Machine {
  /// The version of libtorch, as in "2.11.0".
  public static var libtorchVersion: String { String(cString: ctorch_version()) }

  /// How many threads work on an own kernel, and on parts of libtorch's large products and convolutions; the rest of libtorch
  /// computes on the calling thread. Two threads may also take a part of a step each (``concurrently(_:_:)``). At first as many as
  /// the process may really use: `UsableProcessors.here.threads`.
  ///
  /// - Precondition: 1 or more.
  public static var threads: Int {
    get {
      _ = start
      return Int(value(1, "the number of threads") { ctorch_thread_count(&$0) })
    }
    set {
      _ = start
      precondition(newValue > 0, "the number of threads must be at least 1, not \(newValue)")
      set(newValue)
    }
  }

  private static func set(_ threads: Int) {
    let status = ctorch_set_thread_count(Int32(clamping: threads))
    if status != CTORCH_OK { fail(.last(status, "setting \(threads) threads")) }
  }

  /// Happens once, before the first operator: threads are set to their default, and a wrong `GAN_CPU` ends the process
  /// unless the failure is recorded.
  static let start: Void = {
    set(UsableProcessors.here.threads)
    _ = instructions
  }()

  /// How many threads come to work when there is work for all of them, counted within a second.
  public static var measuredTeamSize: Int {
    _ = start
    return Int(value(0, "the size of a team of threads") { ctorch_measured_team_size(&$0) })
  }

  /// Keeps memory that is freed for what is allocated next, in the whole process from now on, instead of returning it
  /// to the system.
  ///
  /// A training step frees large tensors and allocates the same again; each page that the system hands out anew it first
  /// sets to zero, which took a tenth of a step. The price is that the process stays as large as it once was. It is for
  /// programs that train on their first thread: the heaps of others, as that of the second of two parts
  /// (``concurrently(_:_:)``), are made of pieces of 64 MB, which go back when they are empty. That is still quicker than one
  /// heap for all.
  public static func keepFreedMemory() { ctorch_keep_freed_memory() }

  /// The instructions that libtorch's own kernels use: "AVX512", "AVX2" or "DEFAULT".
  public static var cpuCapability: String { String(cString: ctorch_cpu_capability()) }

  /// The vector instructions that this processor has.
  public static var processorInstructions: VectorInstructions { VectorInstructions(ctorch_processor_instructions()) }

  /// The vector instructions that swift-gan's own kernels use: those of the processor, but no more than the environment's
  /// variable `GAN_CPU` names, which is `avx2`, `avx512` (without bfloat16) or `auto` and is read when the program starts.
  ///
  /// Then libtorch is restricted likewise, by its variables `ATEN_CPU_CAPABILITY`, `ONEDNN_MAX_CPU_ISA` and
  /// `MKL_ENABLE_INSTRUCTIONS`; one that is set already stays. Another word is a failure, which ends the process or is thrown
  /// by ``withTorchErrors(_:)``.
  public static var instructions: VectorInstructions {
    var used = CTORCH_CPU_BASELINE
    let status = ctorch_instructions(&used)
    if status != CTORCH_OK { fail(TorchError(status: status, message: String(cString: ctorch_last_error()))) }
    return VectorInstructions(used)
  }

  /// Whether an NVIDIA GPU can be used: the CUDA libraries are loaded and a device answers.
  public static var hasCUDA: Bool { ctorch_has_cuda() }
}
