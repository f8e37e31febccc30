import Datasets
import Metrics
import Testing

@Suite struct ExtractorChoiceTests {
  @Test(arguments: [
    ("auto", ExtractorChoice.auto), ("classifier", .classifier(file: nil)),
    ("classifier:a:b", .classifier(file: "a:b")),
    ("pixels", .pixels), ("inception:w.safetensors", .inception(file: "w.safetensors", resize: .clean)),
    ("inception-legacy:w.st", .inception(file: "w.st", resize: .legacy)),
  ])
  func wordsAreRead(text: String, choice: ExtractorChoice) throws {
    #expect(try ExtractorChoice(text) == choice)
    #expect(choice.description == text)
  }

  @Test(arguments: [
    ("pixel", "did you mean 'pixels'?"), ("clasifier:x", "did you mean 'classifier'?"), ("", "unknown extractor ''"),
    ("inception", "needs the file of its weights"), ("classifier:", "the file is missing"), ("pixels:3", "unknown"),
  ])
  func otherWordsAreErrors(text: String, sentence: String) {
    let error = #expect(throws: MetricError.self) { try ExtractorChoice(text) }
    #expect(error?.description.contains(sentence) == true, "\(String(describing: error))")
  }

  @Test func autoLooksAtTheData() throws {
    try withFolder { folder in
      let toys = ToyPictures(folder: folder)
      func chosen(_ name: String, mayTrain: Bool = false) throws -> (any FeatureExtractor)? {
        let source = try DataSource(name)
        return try ExtractorChoice.auto.extractor(
          for: source.load(.train, options: toys.options), of: source, options: toys.options, mayTrain: mayTrain)
      }
      #expect(try chosen("ring8") is PlaneFeatures)
      _ = try toys.load(.train, labelled: false)
      let path = folder + "/train-images-idx3-ubyte"
      #expect(try chosen(path) is PixelFeatures)
      let train = try toys.load(.train)
      #expect(try chosen(path) == nil)
      let classifier = try ClassifierTraining(train, steps: 1)()
      try ClassifierCache(toys.options).store(classifier, for: train)
      #expect(try chosen(path)?.fingerprint == classifier.fingerprint)
    }
  }

  @Test func stackedDigitsAreReadByTheClassifierOfDigits() throws {
    try withFolder { folder in
      let options = LoadOptions(environment: ["HOME": folder])
      let source = try DataSource("stacked-digits")
      let stacked = try source.load(.train, options: options)
      #expect(try ExtractorChoice.auto.extractor(for: stacked, of: source, options: options, mayTrain: false) == nil)
      let digits = try DataSource("digits").load(.train, options: options)
      let base = try ClassifierTraining(digits, test: DataSource("digits").load(.test, options: options), steps: 1)()
      try ClassifierCache(options).store(base, for: digits)
      let found = try ExtractorChoice.auto.extractor(for: stacked, of: source, options: options, mayTrain: false)
      #expect((found as? StackedClassifier)?.base.fingerprint == base.fingerprint)
    }
  }

  @Test func aFileDecides() throws {
    try withFolder { folder in
      let toys = ToyPictures(folder: folder)
      let train = try toys.load(.train)
      let classifier = try ClassifierTraining(train, steps: 1)()
      try classifier.write(to: folder + "/c.safetensors")
      let source = try DataSource(folder + "/train-images-idx3-ubyte")
      let choice = try ExtractorChoice("classifier:\(folder)/c.safetensors")
      #expect(try choice.extractor(for: train, of: source)?.fingerprint == classifier.fingerprint)
      #expect(try ExtractorChoice.pixels.extractor(for: train, of: source) is PixelFeatures)
    }
  }
}
