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

  /// Makes the recipe's generator that of the file, whose weights it begins with.
  func begin(with file: String, _ named: inout (any Recipe)?, _ translation: inout (any TranslatingRecipe)?) throws {
    if var recipe = translation {
      try recipe.begin(with: file)
      translation = recipe
    } else if var recipe = named as? any TranslatingRecipe {
      try recipe.begin(with: file)
      named = recipe
    } else {
      throw ValidationError(
        "--start-from is for games of translation, such as pix2pix, cyclegan and cut, not for \(named?.name ?? AutoRecipe.name)"
      )
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
        changes: changes.apply, progress: { if shown { line.show($0) } })
      (settings.limits, data) = (auto.limits, auto.data)
      return (auto.recipe, auto.reasons)
    }
    try asCommandLine { try changes.refuseUnread(in: recipe) }
    if shown { reasons.forEach { note("auto: \($0)") } }
    if settings.limits.lastStep(samplesPerStep: recipe.samplesPerStep) != nil { settings.limits.steps = recipe.steps }
    return recipe
  }
}
