/// Runs that differ in nothing but their seeds.
struct RunGroup {
  /// What the group is called: the folder of its first run.
  let name: String
  let runs: [ComparedRun]

  /// How `measure` scatters over the runs.
  func spread(_ measure: (ComparedRun) -> Double) -> Spread { Spread(runs.map(measure)) }

  /// The value of a setting; nil where the recipe has none of that name.
  func setting(_ name: String) -> String? { runs[0].settings.first { $0.name == name }?.value }

  /// The groups of `runs`, in the order in which they first come.
  static func groups(of runs: [ComparedRun]) -> [RunGroup] {
    var groups: [[ComparedRun]] = []
    for run in runs {
      if let index = groups.firstIndex(where: { $0[0].settings == run.settings }) {
        groups[index].append(run)
      } else {
        groups.append([run])
      }
    }
    // A name is a folder's last one, unless two would have the same.
    let names = groups.map { $0[0].name }
    return groups.map { runs in
      let isShared = names.filter { $0 == runs[0].name }.count > 1
      return RunGroup(name: isShared ? runs[0].folder.path : runs[0].name, runs: runs)
    }
  }
}
