import RunLog

extension Scalar {
  /// The player's loss, as in `loss_a`.
  public static func loss(of player: Player) -> Scalar {
    Scalar("loss_\(player.name)", title: player.symbol, group: .losses)
  }

  /// The norm of the player's gradient over all its parameters, before any clipping, as in `gradient_a`.
  public static func gradient(of player: Player) -> Scalar {
    Scalar("gradient_\(player.name)", title: player.symbol, group: .gradients)
  }
}

extension Scalar.Group {
  /// What players minimise.
  public static let losses = Scalar.Group(title: "Losses", label: "loss")
  /// Norms of gradients.
  public static let gradients = Scalar.Group(title: "Gradient norm")
}
