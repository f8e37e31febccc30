import Datasets
import Foundation
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
    ("inception", "needs the file with its weights"), ("classifier:", "the file is missing"), ("pixels:3", "unknown"),
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
          for: source.load(.train, options: toys.options), options: toys.options, mayTrain: mayTrain)
      }
      #expect(try chosen("ring8") is PlaneFeatures)
      _ = try toys.load(.train, labelled: false)
      let path = folder + "/train-images-idx3-ubyte"
      #expect(try chosen(path) is PixelFeatures)
      let train = try toys.load(.train)
      #expect(try chosen(path) == nil)
      let classifier = try ClassifierTraining(train, steps: 1)()
      try ExtractorCache(toys.options).store(classifier, for: train)
      #expect(try chosen(path)?.fingerprint == classifier.fingerprint)
    }
  }

  @Test func oneClassAloneIsJudgedByPixels() throws {
    try withFolder { folder in
      let toys = ToyPictures(folder: folder, classes: 1, firstLabel: 5)
      let data = try toys.load(.train)
      #expect(try ExtractorChoice.auto.extractor(for: data, mayTrain: false) is PixelFeatures)
    }
  }

  @Test func stackedDigitsAreReadByTheClassifierOfDigits() throws {
    try withFolder { folder in
      let options = LoadOptions(environment: ["HOME": folder])
      let source = try DataSource("stacked-digits")
      let stacked = try source.load(.train, options: options)
      #expect(try ExtractorChoice.auto.extractor(for: stacked, options: options, mayTrain: false) == nil)
      let digits = try DataSource("digits").load(.train, options: options)
      let base = try ClassifierTraining(digits, test: DataSource("digits").load(.test, options: options), steps: 1)()
      try ExtractorCache(options).store(base, for: digits)
      let found = try ExtractorChoice.auto.extractor(for: stacked, options: options, mayTrain: false)
      #expect((found as? StackedClassifier)?.base.fingerprint == base.fingerprint)
      try base.write(to: folder + "/c.safetensors")
      let named = try ExtractorChoice("classifier:\(folder)/c.safetensors")
      let read = try named.extractor(for: stacked, options: options)
      #expect((read as? StackedClassifier)?.base.fingerprint == base.fingerprint)
      // Pictures in colour that are no three grey ones.
      let colored = try DataSource("digits-color")
      let refusal = sentence {
        _ = try named.extractor(for: colored.load(.train, options: options), options: options)
      }
      #expect(refusal?.contains("takes pictures of 1x28x28, and those of digits-color are 3x28x28") == true)
    }
  }

  @Test func aFileDecides() throws {
    try withFolder { folder in
      let toys = ToyPictures(folder: folder)
      let train = try toys.load(.train)
      let classifier = try ClassifierTraining(train, steps: 1)()
      try classifier.write(to: folder + "/c.safetensors")
      let choice = try ExtractorChoice("classifier:\(folder)/c.safetensors")
      #expect(try choice.extractor(for: train)?.fingerprint == classifier.fingerprint)
      #expect(try ExtractorChoice.pixels.extractor(for: train) is PixelFeatures)
    }
  }

  @Test func aFileOfOtherDataIsRefused() throws {
    try withFolder { folder in
      let toys = ToyPictures(folder: folder)
      try ClassifierTraining(toys.load(.train), steps: 1)().write(to: folder + "/c.safetensors")
      let choice = try ExtractorChoice("classifier:\(folder)/c.safetensors")
      let others = try toys.load(.test)
      let refusal = sentence { _ = try choice.extractor(for: others, options: toys.options) }
      #expect(refusal?.contains("was trained on train-images-idx3-ubyte (") == true, "\(String(describing: refusal))")
      #expect(refusal?.contains("are t10k-images-idx3-ubyte (") == true)
      #expect(refusal?.contains("gan extractor train --data \(folder)/t10k-images-idx3-ubyte'") == true)
      // Data without labels have no classes that could be others.
      let unlabelled = ToyPictures(folder: folder + "/unlabelled")
      try FileManager.default.createDirectory(atPath: unlabelled.folder, withIntermediateDirectories: true)
      let found = try choice.extractor(
        for: unlabelled.load(.test, labelled: false), options: toys.options)
      #expect(found is Classifier)
      let larger = ToyPictures(folder: unlabelled.folder, side: 16)
      for (data, remedy) in try [
        (larger.load(.test, labelled: false), "--size 12x12 brings both to one size"),
        (larger.load(.test), "leave out the file"),
      ] {
        let refusal = sentence { _ = try choice.extractor(for: data, options: toys.options) }
        #expect(refusal?.contains("takes pictures of 1x12x12, and those of t10k-images-idx3-ubyte are 1x16x16") == true)
        #expect(refusal?.contains(remedy) == true, "\(String(describing: refusal))")
      }
    }
  }
}
