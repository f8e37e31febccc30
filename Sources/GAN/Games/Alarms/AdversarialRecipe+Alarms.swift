extension AdversarialRecipe {
  /// What watches a run of this recipe.
  package var alarms: [any Alarm] {
    // A Wasserstein critic's scores have no zero, and G's loss drifts with them.
    let losses: [Scalar] = objective == .wasserstein ? [.lossDiscriminator] : [.lossDiscriminator, .lossGenerator]
    return [
      DivergenceAlarm(losses: losses, gradients: [.gradientGenerator], advice: adviceOnDivergence),
      CollapseAlarm(self), DiscriminatorWinsAlarm(self), DiscriminatorLosesAlarm(self), MemorisationAlarm(self),
    ]
  }

  private var adviceOnDivergence: String {
    let (g, d) = (generator, discriminator)
    var lines: [String?] = [
      "smaller steps: --set generator.learning_rate=\((g.learningRate / 4).shown) "
        + "--set discriminator.learning_rate=\((d.learningRate / 4).shown)"
    ]
    if objective == .wasserstein && penalties.gradientPenalty != 10 {
      lines.append(advice("a Lipschitz critic", [("weight_clip", "0"), ("gradient_penalty", "10")]))
    }
    if g.clipValue == 0 && g.clipNorm == 0 && d.clipValue == 0 && d.clipNorm == 0 {
      lines.append("limited gradients: --set generator.clip_norm=1 --set discriminator.clip_norm=1")
    }
    return lines.compactMap { $0 }.joined(separator: "; or ")
  }

  /// Advice to make these changes, and why; `nil` where the recipe could not be played with them.
  func advice(_ why: String, _ changes: [(key: String, value: String)]) -> String? {
    var changed = self
    do {
      for (key, value) in changes { try changed.set(key, value) }
      try changed.validate()
    } catch { return nil }
    return "\(why): " + changes.map { "--set \($0.key)=\($0.value)" }.joined(separator: " ")
  }
}
