/// The help of a command, wrapped at a width.
struct HelpText {
  private let width: Int
  private var lines: [String] = []

  /// - Parameter title: the command as it is typed, such as "gan train".
  init(_ command: any ParsableCommand.Type, title: String, isRoot: Bool, width: Int) {
    self.width = width
    let configuration = command.configuration
    let definitions = configuration.subcommands.isEmpty ? argumentDefinitions(of: command.init()) : []
    let positionals = definitions.filter { $0.kind == .positional }
    let options = definitions.filter { $0.kind != .positional }
    if !configuration.abstract.isEmpty { lines += wrap(configuration.abstract) + [""] }
    let words =
      configuration.subcommands.isEmpty
      ? positionals.map(Self.usage) + options.map(Self.usage) : ["<command>", "[--help]"]
    lines += wrap(words, first: "Usage: " + title + " ", indent: 7 + title.count + 1)
    if !configuration.discussion.isEmpty {
      lines.append("")
      for line in configuration.discussion.split(separator: "\n", omittingEmptySubsequences: false) {
        lines += wrap(String(line))
      }
    }
    section("Arguments", positionals.map { ($0.title, Self.explanation($0)) })
    section(
      "Commands", configuration.subcommands.map { ($0.configuration.commandName, $0.configuration.abstract) })
    let version = isRoot && !configuration.version.isEmpty ? [("--version", "Show the version.")] : []
    section(
      "Options",
      options.map { (Self.left($0), Self.explanation($0)) } + version + [("-h, --help", "Show this help.")])
  }

  /// The whole text, with a line break at its end.
  var text: String { lines.map { $0 + "\n" }.joined() }

  private static func left(_ definition: ArgumentDefinition) -> String {
    definition.names.joined(separator: ", ") + (definition.kind == .option ? " <\(definition.valueName)>" : "")
  }

  private static func usage(_ definition: ArgumentDefinition) -> String {
    var word = definition.title
    if definition.kind == .option { word += " <\(definition.valueName)>" }
    if !definition.isRequired { word = "[\(word)]" }
    return definition.isRepeating ? word + "..." : word
  }

  private static func explanation(_ definition: ArgumentDefinition) -> String {
    guard let text = definition.defaultText, !text.isEmpty else { return definition.help }
    return (definition.help.isEmpty ? "" : definition.help + " ") + "(default: \(text))"
  }

  private mutating func section(_ heading: String, _ rows: [(left: String, right: String)]) {
    guard !rows.isEmpty else { return }
    let column = rows.map { $0.left.count + 4 }.filter { $0 <= 28 }.max() ?? 28
    lines += ["", heading + ":"]
    for row in rows {
      let left = "  " + row.left
      if left.count + 2 > column {
        lines.append(left)
        if !row.right.isEmpty {
          let indent = String(repeating: " ", count: column)
          lines += wrap(row.right.split(separator: " ").map(String.init), first: indent, indent: column)
        }
      } else {
        let first = left + String(repeating: " ", count: column - left.count)
        lines += wrap(row.right.split(separator: " ").map(String.init), first: first, indent: column)
      }
    }
  }

  /// A line of prose; its indentation is kept on the lines that follow.
  private func wrap(_ line: String) -> [String] {
    let indent = line.prefix { $0 == " " }.count
    let words = line.split(separator: " ").map(String.init)
    return wrap(words, first: String(repeating: " ", count: indent), indent: indent)
  }

  private func wrap(_ words: [String], first: String, indent: Int) -> [String] {
    var wrapped: [String] = []
    var line = first
    var isFresh = true
    for word in words {
      if !isFresh, line.count + 1 + word.count > width {
        wrapped.append(line)
        line = String(repeating: " ", count: indent)
        isFresh = true
      }
      line += isFresh ? word : " " + word
      isFresh = false
    }
    wrapped.append(line)
    return wrapped.map { line in String(line.reversed().drop { $0 == " " }.reversed()) }
  }
}
