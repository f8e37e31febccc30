/// What a command line asks for.
enum CommandRequest {
  case run(any ParsableCommand)
  case help
  case version
}

/// Finds the command that a command line names, then fills its arguments.
struct CommandParser {
  private let root: any ParsableCommand.Type
  /// The commands named so far, the outermost first.
  private(set) var path: [any ParsableCommand.Type]

  init(_ root: any ParsableCommand.Type) {
    self.root = root
    path = [root]
  }

  /// The command found, as it is typed: "gan train".
  var title: String { path.map { $0.configuration.commandName }.joined(separator: " ") }

  mutating func parse(_ arguments: [String]) throws(ValidationError) -> CommandRequest {
    var rest = arguments[...]
    var command = root
    while !command.configuration.subcommands.isEmpty {
      guard let word = rest.popFirst(), !isHelp(word) else { return .help }
      if isVersion(word) { return .version }
      let subcommands = command.configuration.subcommands
      guard let next = subcommands.first(where: { $0.configuration.commandName == word }) else {
        let kind = word.hasPrefix("-") ? "option" : "command"
        let names = kind == "option" ? ["--help", "--version"] : subcommands.map { $0.configuration.commandName }
        throw ValidationError("unknown \(kind) '\(word)'" + suggestion(word, names))
      }
      command = next
      path.append(next)
    }
    return try fill(command.init(), rest)
  }

  private func isHelp(_ word: String) -> Bool { word == "-h" || word == "--help" }

  private func isVersion(_ word: String) -> Bool {
    word == "--version" && path.count == 1 && !root.configuration.version.isEmpty
  }

  private func fill(
    _ command: any ParsableCommand, _ arguments: ArraySlice<String>
  ) throws(ValidationError) -> CommandRequest {
    let definitions = argumentDefinitions(of: command)
    var positionals = definitions.indices.filter { definitions[$0].kind == .positional }[...]
    var given: Set<Int> = []
    var isTerminated = false
    var rest = arguments
    while let word = rest.popFirst() {
      if isTerminated || !looksLikeOption(word) {
        guard let index = positionals.first else { throw ValidationError("unexpected argument '\(word)'") }
        try store(word, in: definitions[index])
        given.insert(index)
        if !definitions[index].isRepeating { positionals.removeFirst() }
      } else if word == "--" {
        isTerminated = true
      } else if isHelp(word) {
        return .help
      } else if isVersion(word) {
        return .version
      } else {
        let (name, value) = split(word)
        guard let index = definitions.firstIndex(where: { $0.names.contains(name) }) else {
          let known = definitions.flatMap(\.names) + ["--help"]
          throw ValidationError("unknown option '\(name)'" + suggestion(name, known))
        }
        let definition = definitions[index]
        guard given.insert(index).inserted || definition.isRepeating else {
          throw ValidationError("\(name) is given twice")
        }
        if definition.kind == .flag {
          guard value == nil else { throw ValidationError("\(name) takes no value") }
          try store("", in: definition)
        } else {
          let text = if let value { value } else { try nextValue(&rest, for: name, definition) }
          try store(text, in: definition)
        }
      }
    }
    for (index, definition) in definitions.enumerated() where definition.isRequired && !given.contains(index) {
      let value = definition.kind == .option ? " <\(definition.valueName)>" : ""
      throw ValidationError("\(definition.title)\(value) is missing")
    }
    return .run(command)
  }

  /// A lone "-" is a value (standard input, by custom), and so is a negative number.
  private func looksLikeOption(_ word: String) -> Bool {
    word.hasPrefix("-") && word.count > 1 && Double(word) == nil
  }

  private func split(_ word: String) -> (name: String, value: String?) {
    guard let sign = word.firstIndex(of: "=") else { return (word, nil) }
    return (String(word[..<sign]), String(word[word.index(after: sign)...]))
  }

  private func nextValue(
    _ rest: inout ArraySlice<String>, for name: String, _ definition: ArgumentDefinition
  ) throws(ValidationError) -> String {
    guard let value = rest.popFirst() else { throw ValidationError("\(name) needs a value <\(definition.valueName)>") }
    guard !looksLikeOption(value) else {
      throw ValidationError(
        "\(name) needs a value <\(definition.valueName)> before '\(value)' (if that is the value: \(name)=\(value))")
    }
    return value
  }

  private func store(_ text: String, in definition: ArgumentDefinition) throws(ValidationError) {
    guard definition.kind == .flag || !text.isEmpty else {
      throw ValidationError("\(definition.title) must not be empty")
    }
    guard definition.store(text) else {
      throw ValidationError("\(definition.title) needs \(definition.expectation), got '\(text)'")
    }
  }

  private func suggestion(_ word: String, _ candidates: [String]) -> String {
    nearest(word, in: candidates).map { "; did you mean '\($0)'?" } ?? ""
  }
}
