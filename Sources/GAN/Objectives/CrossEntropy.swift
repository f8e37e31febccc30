extension Scores {
  /// The mean cross entropy −(1 − ε) log σ(s) − ε log(1 − σ(s)) of logits s toward the label 1 − ε, with ε the `smoothing`
  /// (Salimans et al. 2016, section 3.4, arXiv:1606.03498): softplus(−s) + ε s.
  func crossEntropyTowardReal(smoothing: Double) -> Loss {
    let unsmoothed = (-self).softplus().mean()
    return smoothing == 0 ? unsmoothed : unsmoothed + smoothing * mean()
  }
}
