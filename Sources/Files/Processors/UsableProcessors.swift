/// The processors that this process may really use, and so how many threads a run gets by default.
///
/// More threads gain nothing: they use up a quota early in each period, and then all stand still. So the default is one for
/// each physical core of the affinity mask, and no more than the quotas of the control groups allow, rounded down. Two hardware threads of one
/// core share its arithmetic units, and matrix products keep these busy with one. That was not measured: the machines that
/// were at hand show one hardware thread per core.
public struct UsableProcessors: Sendable, Equatable {
  /// The machine's logical processors that are switched on.
  public var online: Int
  /// Those of them on which this process may run (``Affinity``).
  public var allowed: Int
  /// The physical cores to which these belong.
  public var cores: Int
  /// How many processors' time the tightest quota of the control groups allows, as in 2.5; nil without a quota.
  public var quota: Double?
  /// The number in the environment's variable `OMP_NUM_THREADS`.
  public var requested: Int?

  /// Those of this process when it was first asked for.
  public static let here = UsableProcessors()

  /// What a system says.
  ///
  /// - Parameters:
  ///   - root: the folder in which `proc` and `sys` lie.
  ///   - environment: the environment's variables.
  public init(root: String = "", environment: [String: String] = Invocation.environment) {
    let processors = Affinity.processors(root: root)
    let siblings = processors.map { processor in
      // "0,8" or "0-1"; without it a processor is a core.
      let list = "\(root)/sys/devices/system/cpu/cpu\(processor)/topology/thread_siblings_list"
      let numbers = Affinity.numbers(SystemFile.text(list) ?? "")
      return numbers.contains(processor) ? numbers : [processor]
    }
    (online, allowed, cores) = (Affinity.online(root: root).count, processors.count, Set(siblings).count)
    quota = ControlGroups.quota(root: root)
    // A list has a number for each level of nested teams.
    requested = environment["OMP_NUM_THREADS"]?.split(separator: ",").first
      .flatMap { Int($0.filter { !$0.isWhitespace }) }.flatMap { $0 > 0 ? $0 : nil }
  }

  /// How many threads a run gets by default: 1 or more.
  public var threads: Int { requested ?? max(1, Int(min(Double(cores), quota ?? .infinity))) }

  /// Why it is that number, as in "a cgroup quota of 2.5 CPUs of 8" or "8 physical cores of 16 logical".
  public var reason: String {
    if requested != nil { return "OMP_NUM_THREADS says so" }
    if let quota, quota < Double(cores) {
      let hundredths = (quota * 100).rounded() / 100
      let text = hundredths == hundredths.rounded() ? "\(Int(hundredths))" : "\(hundredths)"
      return "a cgroup quota of \(text) \(hundredths == 1 ? "CPU" : "CPUs") of \(allowed)"
    }
    if cores < allowed {
      let mask = allowed < online ? " that the affinity mask allows, of \(online)" : ""
      return "\(cores) physical \(cores == 1 ? "core" : "cores") of \(allowed) logical\(mask)"
    }
    if allowed < online { return "the affinity mask allows \(allowed) of \(online) CPUs" }
    return allowed == 1 ? "the machine has one CPU" : "all \(allowed) CPUs"
  }
}
