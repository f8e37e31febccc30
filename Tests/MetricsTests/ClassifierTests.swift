import Datasets
import Foundation
import Metrics
import Samples
import Testing
import Torch

@Suite struct ClassifierTests {
  @Test func itLearnsWhatItsFeaturesTellApart() throws {
    try withFolder { folder in
      let toys = ToyPictures(folder: folder)
      let (train, test) = (try toys.load(.train), try toys.load(.test))
      var steps: [Int] = []
      let classifier = try ClassifierTraining(train, test: test, steps: 60, seed: 3)() { steps.append($0.step) }
      #expect(steps == Array(1...60))
      #expect(classifier.origin.accuracy > 0.95)
      #expect(classifier.origin.judgedOn == .testSplit && classifier.origin.judgedCount == 90)
      #expect(classifier.name == "classifier (train-images-idx3-ubyte)")
      #expect(classifier.origin.dataFingerprint == train.fingerprint && classifier.classCount == 3)
      let features = try classifier(test.samples(0..<90))
      #expect(features.values.shape == [90, 128] && features.values.min().item >= 0)
      let logits = try #require(features.logits)
      #expect(logits.shape == [90, 1, 3])
      let guesses = logits.array(of: Float.self)
      let right = (0..<90).count { index in
        let row = guesses[(3 * index)..<(3 * index + 3)]
        return row.max() == row[3 * index + index % 3]
      }
      #expect(Double(right) / 90 == classifier.origin.accuracy)
    }
  }

  @Test func theSeedDecidesTheWeights() throws {
    try withFolder { folder in
      let data = try ToyPictures(folder: folder).load(.train)
      let prints = try [1, 1, 2].map { try ClassifierTraining(data, steps: 3, seed: $0)().fingerprint }
      #expect(prints[0] == prints[1] && prints[0] != prints[2])
    }
  }

  @Test func withoutATestSplitATenthIsKept() throws {
    try withFolder { folder in
      let data = try ToyPictures(folder: folder).load(.train)
      for test in [nil, data] {
        let origin = try ClassifierTraining(data, test: test, steps: 2)().origin
        #expect(origin.judgedOn == .tenth && origin.judgedCount == 20)
      }
    }
  }

  /// Pictures of a class that a classifier never saw say nothing about it, and a test split without labels is none.
  @Test func theTestSplitIsJudgedByTheClassesOfTheTrainingSplit() throws {
    try withFolder { folder in
      let data = try ToyPictures(folder: folder, classes: 2).load(.train)
      let more = try ToyPictures(folder: folder, classes: 3).load(.test)
      let origin = try ClassifierTraining(data, test: more, steps: 2)().origin
      #expect(origin.judgedOn == .testSplit && origin.judgedCount == 60)
      try FileManager.default.removeItem(atPath: folder + "/t10k-labels-idx1-ubyte")
      let unlabelled = try ToyPictures(folder: folder, classes: 3).load(.test, labelled: false)
      #expect(try ClassifierTraining(data, test: unlabelled, steps: 2)().origin.judgedOn == .tenth)
    }
  }

  @Test func largePicturesAreBroughtDown() throws {
    try withFolder { folder in
      let data = try ToyPictures(folder: folder, side: 96).load(.train)
      let classifier = try ClassifierTraining(data, steps: 1)()
      #expect(classifier.resize == "area means to 64x64")
      #expect(try classifier(data.samples(0..<2)).values.shape == [2, 128])
    }
  }

  @Test func whatNoClassifierLearnsFromIsSaid() throws {
    try withFolder { folder in
      func fault(_ data: Dataset, test: Dataset? = nil, steps: Int? = nil) -> String {
        do {
          _ = try ClassifierTraining(data, test: test, steps: steps)
          return "none"
        } catch {
          return "\(error)"
        }
      }
      #expect(try fault(ToyPictures(folder: folder).load(.train, labelled: false)).contains("these have no labels"))
      #expect(try fault(DataSource("ring8").load(.train)).contains("which need no classifier"))
      #expect(
        try fault(ToyPictures(folder: folder, side: 7).load(.train)).contains("at least 8x8, and these are 1x7x7"))
      #expect(try fault(ToyPictures(folder: folder, classes: 1).load(.train)).contains("there is only one"))
      let alone = try ToyPictures(folder: folder, classes: 1, firstLabel: 5).load(.train)
      #expect(alone.classCount == 6 && fault(alone).contains("there is only one"))
      let toys = ToyPictures(folder: folder)
      #expect(try fault(toys.load(.train), steps: 0).contains("at least 1 training step, not 0"))
      let others = try ToyPictures(folder: folder, side: 16).load(.test)
      #expect(
        try fault(toys.load(.train), test: others).contains(
          "the test split has samples of 1x16x16, the training split of 1x12x12"))
    }
  }

  @Test func picturesOfAnotherShapeAreRefused() throws {
    try withFolder { folder in
      let classifier = try ClassifierTraining(ToyPictures(folder: folder).load(.train), steps: 1)()
      let error = #expect(throws: MetricError.self) { try classifier(waves([2, 3, 32, 32])) }
      #expect(error?.description.contains("needs pictures of 1x12x12, but these are 3x32x32") == true)
      #expect(error?.description.contains("give pictures of 1 channel, or train") == true)
      #expect(error?.description.contains("gan extractor train --data") == true)
      #expect(sentence { _ = try classifier(waves([2, 1, 14, 12])) }?.contains("--size 12x12 brings both") == true)
    }
  }

  @Test func aStackedOneReadsEachChannel() throws {
    try withFolder { folder in
      let base = try ClassifierTraining(ToyPictures(folder: folder).load(.train), steps: 5)()
      let stacked = try StackedClassifier(base)
      let pictures = waves([4, 3, 12, 12])
      let features = try stacked(pictures)
      #expect(features.values.shape == [4, 384])
      for channel in 0..<3 {
        let alone = try base(pictures.slice(1, from: channel, count: 1))
        let part = features.values.slice(1, from: 128 * channel, count: 128)
        #expect((part - alone.values).abs().max().item < 1e-5)
        let logits = try #require(features.logits).slice(1, from: channel, count: 1)
        #expect((logits - (try #require(alone.logits))).abs().max().item < 1e-5)
      }
      #expect(stacked.name.hasSuffix(" on each channel") && stacked.fingerprint != base.fingerprint)
      #expect(throws: MetricError.self) { try stacked(waves([4, 1, 12, 12])) }
    }
  }
}
