/// What networks hold for classes alone, by names: a discriminator's vectors and logits of classes, and the embedding of a
/// mapping network. Networks with and without classes are the same but for these, and for inputs that are longer.
enum ClassEntries {
  private static let prefixes = ["class_embedding.", "class_logits.", "mapping.embed."]

  /// Whether the tensor called `name` is for classes.
  static func contain(_ name: String) -> Bool { prefixes.contains { name.hasPrefix($0) } }
}
