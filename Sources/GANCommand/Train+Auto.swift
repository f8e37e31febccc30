import CommandLineKit
import GAN

// What 'auto' plays, and what a run begins with.
extension Train {
  /// The game of translation for data of two sides, with the changes that say how these are loaded; nil for a single
  /// collection.
  mutating func translation(_ settings: RunSettings) throws -> (any TranslatingRecipe)? {
    guard !settings.classesFromFolders else { return nil }
    var options = settings.loadOptions
    let layout = try changes.value(of: "layout").map { layout in
      guard let layout = SideLayout(rawValue: layout) else {
        throw ValidationError(
          "layout needs one of \(SideLayout.allCases.map(\.rawValue).joined(separator: ", ")), got '\(layout)'")
      }
      return layout
    }
    options.sides = Sides(layout: layout ?? .auto)
    guard var recipe = AutoTranslation.beginning(try DataSource(settings.data).arrangement(options)) else {
      // It has been read, and no recipe of single pictures has it.
      changes.remove("layout")
      return nil
    }
    try changes.apply(to: &recipe)
    return recipe
  }

  /// Makes the recipe's networks those of the file or the run, whose weights it begins with.
  func begin(with path: String, _ named: inout (any Recipe)?, _ translation: inout (any TranslatingRecipe)?) throws {
    try asBeginning {
      try translation?.begin(with: path)
      try named?.begin(with: path)
    }
  }

  /// Turns an error of what a run begins with into one of the command line.
  private func asBeginning(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      throw ValidationError("--start-from: \(error)")
    }
  }

  /// What `auto` chooses for the data, of two sides if `translation` says how they are loaded. Minutes alone end the run
  /// at whatever step: a machine that was busy when its speed was measured has time for more. Otherwise the steps become a limit.
  func choose(
    for data: inout Dataset, _ translation: (any TranslatingRecipe)?, _ settings: inout RunSettings
  ) throws -> any Recipe {
    if settings.limits.isUnbounded { settings.limits.minutes = AutoRecipe.usualMinutes }
    Machine.threads = settings.threads
    let shown = !output.quiet && !output.json
    if shown && settings.limits.minutes != nil { note("auto: measuring the speed of this machine") }
    let (recipe, reasons): (any Recipe, [String]) = try asCommandLine {
      if let translation {
        let auto = try AutoTranslation(translation, for: data, settings.limits) { try changes.apply(to: &$0) }
        return (auto.recipe, auto.reasons)
      }
      let line = StatusLine()
      let auto = try AutoRecipe(
        for: data, settings.limits, conditional: settings.classesFromFolders ? true : nil,
        changes: { [startFrom] recipe in
          if let startFrom { try asBeginning { try recipe.begin(with: startFrom) } }
          try changes.apply(to: &recipe)
        }, progress: { if shown { line.show($0) } })
      (settings.limits, data) = (auto.limits, auto.data)
      return (auto.recipe, auto.reasons)
    }
    try asCommandLine { try changes.refuseUnread(in: recipe) }
    if shown { reasons.forEach { note("auto: \($0)") } }
    if settings.limits.lastStep(samplesPerStep: recipe.samplesPerStep) != nil { settings.limits.steps = recipe.steps }
    return recipe
  }
}
