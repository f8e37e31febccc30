/// One setting of a recipe, by name: how `--set key=value`, `recipe.json` and `gan recipes NAME` reach it.
public struct RecipeField: Sendable {
  /// The name, as in "generator.learning_rate".
  public let key: String
  /// What may be given, as in "a whole number from 1".
  public let expectation: String
  /// The value as text.
  public let text: @Sendable (Recipe) -> String
  let parse: @Sendable (inout Recipe, String) -> Bool

  /// Sets the field from text.
  ///
  /// - Throws: ``GANError`` that names the field, the text and what would be right.
  public func set(_ recipe: inout Recipe, _ value: String) throws(GANError) {
    guard parse(&recipe, value) else { throw GANError("\(key) needs \(expectation), got '\(value)'") }
  }

  private typealias Path<Value> = WritableKeyPath<Recipe, Value> & Sendable

  private static func whole(_ key: String, _ path: Path<Int>, from least: Int = 1) -> RecipeField {
    RecipeField(key: key, expectation: "a whole number from \(least)", text: { "\($0[keyPath: path])" }) {
      guard let number = Int($1), number >= least else { return false }
      $0[keyPath: path] = number
      return true
    }
  }

  private static func number(
    _ key: String, _ path: Path<Double>, _ range: ClosedRange<Double> = 0...Double.greatestFiniteMagnitude
  ) -> RecipeField {
    let bounds =
      range.upperBound == .greatestFiniteMagnitude
      ? "from \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)"
    return RecipeField(key: key, expectation: "a number \(bounds)", text: { "\($0[keyPath: path])" }) {
      guard let number = Double($1), range.contains(number) else { return false }
      $0[keyPath: path] = number
      return true
    }
  }

  private static func truth(_ key: String, _ path: Path<Bool>) -> RecipeField {
    RecipeField(key: key, expectation: "true or false", text: { "\($0[keyPath: path])" }) {
      guard let truth = Bool($1) else { return false }
      $0[keyPath: path] = truth
      return true
    }
  }

  private static func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _ path: Path<Choice>)
    -> RecipeField where Choice.RawValue == String
  {
    let words = Choice.allCases.map(\.rawValue)
    return RecipeField(
      key: key, expectation: "one of \(words.joined(separator: ", "))", text: { $0[keyPath: path].rawValue }
    ) {
      guard let choice = Choice(rawValue: $1) else { return false }
      $0[keyPath: path] = choice
      return true
    }
  }

  /// All settings, in the order in which people are shown them.
  public static let all: [RecipeField] =
    [
      choice("network", \.network),
      whole("latent_size", \.latentSize),
      whole("base_width", \.baseWidth),
      number("dropout", \.dropout, 0...0.99),
      choice("objective", \.objective),
      number("gradient_penalty", \.gradientPenalty),
      number("weight_clip", \.weightClip),
      choice("update", \.update),
      whole("critic_steps", \.criticSteps),
      whole("batch", \.batch),
      whole("accumulation", \.accumulation),
      choice("precision", \.precision),
      number("average_decay", \.averageDecay, 0...0.9999999),
      truth("average_warm_up", \.averageWarmUp),
      whole("steps", \.steps),
    ] + player("generator", \.generator) + player("discriminator", \.discriminator)

  private static func player(_ name: String, _ path: Path<PlayerSettings>) -> [RecipeField] {
    [
      choice("\(name).optimizer", path.appending(path: \.optimizer)),
      number("\(name).learning_rate", path.appending(path: \.learningRate)),
      number("\(name).beta1", path.appending(path: \.beta1), 0...0.999999),
      number("\(name).beta2", path.appending(path: \.beta2), 0...0.9999999),
      number("\(name).epsilon", path.appending(path: \.epsilon)),
      number("\(name).momentum", path.appending(path: \.momentum), 0...0.999999),
      truth("\(name).nesterov", path.appending(path: \.nesterov)),
      number("\(name).alpha", path.appending(path: \.alpha), 0...0.999999),
      number("\(name).weight_decay", path.appending(path: \.weightDecay)),
      number("\(name).clip_norm", path.appending(path: \.clipNorm)),
      number("\(name).clip_value", path.appending(path: \.clipValue)),
      choice("\(name).schedule", path.appending(path: \.schedule)),
      whole("\(name).schedule_steps", path.appending(path: \.scheduleSteps)),
      number("\(name).schedule_end", path.appending(path: \.scheduleEnd), 0...1),
      whole("\(name).warm_up_steps", path.appending(path: \.warmUpSteps), from: 0),
    ]
  }
}

extension Recipe {
  /// Sets the field called `key` from text.
  ///
  /// - Throws: ``GANError`` that names the nearest key, or what the field takes.
  public mutating func set(_ key: String, _ value: String) throws(GANError) {
    guard let field = RecipeField.all.first(where: { $0.key == key }) else {
      let keys = RecipeField.all.map(\.key)
      let near = nearest(to: key, among: keys + keys.compactMap { $0.split(separator: ".").last.map(String.init) })
      let meant = near.map { near in keys.filter { $0 == near || $0.hasSuffix("." + near) } } ?? []
      let hint = meant.isEmpty ? "" : "; did you mean \(meant.joined(separator: " or "))?"
      throw GANError("a recipe has no setting '\(key)'\(hint) 'gan recipes \(name)' shows all")
    }
    try field.set(&self, value)
  }
}
