import CommandLineKit

/// `gan extractor`
struct Extractor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extractor", abstract: "Train and use the feature extractors behind the metrics.",
    subcommands: [ExtractorTrain.self, ExtractorFeatures.self])
}
