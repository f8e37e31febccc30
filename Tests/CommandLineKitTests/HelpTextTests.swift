import Testing

@Suite("Help")
struct HelpTextTests {
  private static let group = """
    Train, judge and ship GANs.

    Usage: gan <command> [--help]

    Commands:
      train      Train a GAN and leave a run folder.
      extractor  Feature extractors.
      fail       End in some way.

    Options:
      --version   Show the version.
      -h, --help  Show this help.

    """

  private static let command = """
    Train a GAN and leave a run folder.

    Usage: gan train [<recipe>] [<runs>]... [--data <source>] [--batch <n>]
                     [--rate <rate>] [--precision <precision>] [--seed <seed>]
                     [--set <key=value>]... [--maximum-steps <maximum-steps>]
                     [--quiet] [--no-color]

    The recipe says everything about the game; options change it in single places,
    and the run folder keeps what came of them.

      gan train dcgan --data photos/

    Arguments:
      <recipe>  The recipe.
      <runs>    Runs to start from.

    Options:
      --data <source>          The pictures: a folder, a file or a named set,
                               downloaded when it is not there yet. (default:
                               digits)
      -b, --batch <n>          Images a step. (default: 64)
      --rate <rate>            The learning rate. (default: 0.5)
      --precision <precision>  The arithmetic. (default: auto)
      --seed <seed>            The stream of random numbers.
      --set <key=value>        Change a setting of the recipe.
      --maximum-steps <maximum-steps>
                               Stop after so many steps.
      -q, --quiet              Print no progress.
      --no-color               Print without colours.
      -h, --help               Show this help.

    """

  @Test("The outermost command lists its commands, asked for or not")
  func outermost() {
    for outcome in [Outcome(), Outcome("--help"), Outcome("-h")] {
      #expect(outcome.output == Self.group)
      #expect(outcome.status == 0 && outcome.error.isEmpty)
    }
  }

  @Test("A command shows its usage, arguments and options, aligned and wrapped")
  func command() {
    #expect(Outcome("train", "--help").output == Self.command)
    #expect(Outcome("train", "dcgan", "--batch", "8", "-h").output == Self.command)
  }

  @Test("No line of text is wider than asked", arguments: [50, 60, 72, 100, 200])
  func width(width: Int) {
    let lines = Outcome(["train", "--help"], width: width).output.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= width })
    #expect(lines.contains { $0.count > width - 20 })
  }

  @Test("A nested command names its whole path; required arguments stand without brackets")
  func nested() {
    let expected = """
      Train a feature extractor.

      Usage: gan extractor train <files>... --data <source>

      Arguments:
        <files>  The files to write.

      Options:
        --data <source>  The pictures.
        -h, --help       Show this help.

      """
    #expect(Outcome("extractor", "train", "--help").output == expected)
    #expect(Outcome("extractor").output.contains("Usage: gan extractor <command> [--help]"))
  }

  @Test("The version is the outermost command's")
  func version() {
    #expect(Outcome("--version").output == "gan 1.2.3\n")
    #expect(Outcome("train", "--version").status == 2)
    #expect(!Outcome("train", "--help").output.contains("--version"))
  }
}
