extension AlarmKind {
  /// The samples' variety falls away, or stays near nothing while single samples look right.
  public static let collapse = AlarmKind(rawValue: "collapse")
  /// The discriminator tells all samples from data, and the generator's gradient has vanished.
  public static let discriminatorWins = AlarmKind(rawValue: "discriminator-wins")
  /// The discriminator cannot tell samples from data although they are far from them.
  public static let discriminatorLoses = AlarmKind(rawValue: "discriminator-loses")
  /// The generator copies training data.
  public static let memorisation = AlarmKind(rawValue: "memorisation")

  /// Translations are dark where their sources are bright.
  public static let colorInversion = AlarmKind(rawValue: "color-inversion")

  /// Those of all games.
  public static let all: [AlarmKind] = [
    .divergence, .collapse, .discriminatorWins, .discriminatorLoses, .memorisation, .colorInversion,
  ]
}
