import Glibc

extension ParsableCommand {
  /// Runs the command with `arguments`, those of this process by default, prints to the standard streams, and ends the
  /// process.
  public static func main(_ arguments: [String]? = nil) -> Never {
    let status = main(
      arguments: arguments ?? Array(CommandLine.arguments.dropFirst()), width: terminalWidth(),
      output: { text in write(text, to: STDOUT_FILENO) }, error: { text in write(text, to: STDERR_FILENO) })
    // What was printed lies in a buffer until now.
    guard fflush(nil) == 0 else {
      let reason = String(cString: strerror(errno))
      write("\(configuration.commandName): standard output: cannot write: \(reason)\n", to: STDERR_FILENO)
      exit(max(status, ExitCode.failure.rawValue))
    }
    exit(status)
  }

  /// Runs the command, or the subcommand that `arguments` name.
  ///
  /// - Parameters:
  ///   - arguments: what follows the program's name.
  ///   - width: where help is wrapped, in characters.
  ///   - output: takes help and the version.
  ///   - error: takes messages.
  /// - Returns: the exit status: 0 done, 1 failed, 2 the command line was wrong, or what an ``ExitCode`` says.
  public static func main(
    arguments: [String], width: Int = 80, output: (String) -> Void, error: (String) -> Void
  ) -> Int32 {
    let program = configuration.commandName
    var parser = CommandParser(self)
    do {
      switch try parser.parse(arguments) {
      case .help:
        let command = parser.path.last ?? self
        output(HelpText(command, title: parser.title, isRoot: parser.path.count == 1, width: width).text)
      case .version:
        output(configuration.version + "\n")
      case .run(var command):
        try command.run()
      }
      return ExitCode.success.rawValue
    } catch let code as ExitCode {
      return code.rawValue
    } catch let fault as ValidationError {
      error("\(program): \(fault)\nsee '\(parser.title) --help'\n")
      return ExitCode.validationFailure.rawValue
    } catch let fault {
      error("\(program): \(fault)\n")
      return ExitCode.failure.rawValue
    }
  }
}

/// The columns of the terminal on standard output; 80 if it is not a terminal or its size is unknown.
private func terminalWidth() -> Int {
  var size = winsize()
  guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 else { return 80 }
  return Int(size.ws_col)
}

/// Writes all of `text`; a reader that has gone takes nothing more.
private func write(_ text: String, to descriptor: Int32) {
  var rest = Array(text.utf8)[...]
  while !rest.isEmpty {
    let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    if written < 0 && errno == EINTR { continue }
    guard written > 0 else { return }
    rest = rest.dropFirst(written)
  }
}
