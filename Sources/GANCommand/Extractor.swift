import CommandLineKit

/// `gan extractor`
struct Extractor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extractor", abstract: "Make and use what metrics see samples by.",
    subcommands: [ExtractorTrain.self, ExtractorFeatures.self])
}
