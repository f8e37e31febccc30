public enum AlarmKind: String, Sendable, Codable, CaseIterable {
  case divergence, collapse
  public static func list(_ t: String) throws(GANError) -> [AlarmKind] { [] }
}
