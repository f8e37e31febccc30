import Foundation
import Testing

/// The vector instructions that `GAN_CPU` allows.
@Suite(.serialized) struct InstructionTests {
  /// What `gan doctor` says with such a variable in its environment, by the beginning of its lines.
  private func doctor(_ variable: String) throws -> [String: String] {
    let outcome = try Workplace().gan("doctor", shell: "export " + variable)
    #expect(outcome.status == 0 && outcome.error.isEmpty, "\(outcome.error)")
    let rows = outcome.output.split(separator: "\n").map { $0.split(separator: "  ", maxSplits: 1) }
    return Dictionary(rows.map { ($0[0].trimmed, $0[1].trimmed) }) { first, _ in first }
  }

  @Test(arguments: [("avx2", "AVX2", "AVX2"), ("avx512", "AVX-512", "AVX512")])
  func instructionsAreNoMoreThanThoseThatWereAskedFor(word: String, most: String, libtorch: String) throws {
    let names = ["x86-64", "AVX2", "AVX-512", "AVX-512 with bfloat16", "AMX with bfloat16"]
    let (usual, found) = (try doctor("GAN_CPU=auto"), try doctor("GAN_CPU=" + word))
    let processor = try #require(usual["processor"])
    let all = try #require(names.lastIndex { processor.hasSuffix("; " + $0) })
    #expect(usual["own kernels"] == "use " + names[all])
    let limit = try #require(names.firstIndex(of: most))
    guard limit < all else { return #expect(found["own kernels"] == usual["own kernels"]) }
    #expect(found["own kernels"] == "use \(most), as GAN_CPU says")
    #expect(found["precision"] == "auto means float32 here")
    #expect(found["libtorch"]?.hasSuffix("its kernels use " + libtorch) == true)
  }

  @Test func noNameOfInstructionsMeansAll() throws {
    #expect(try doctor("GAN_CPU=")["own kernels"] == doctor("GAN_CPU=auto")["own kernels"])
  }

  @Test func anUnknownNameOfInstructionsIsRefused() throws {
    let outcome = try Workplace().gan("recipes", shell: "export GAN_CPU=avx3")
    #expect(outcome.status == 2 && outcome.output.isEmpty)
    #expect(outcome.error == "gan: GAN_CPU is 'avx3'; it must be avx2, avx512 or auto\n")
  }

  /// The losses of a few steps, which each set of instructions rounds in its own way.
  @Test func lossesHardlyDependOnTheInstructions() throws {
    let place = try Workplace()
    let losses = try ["auto", "avx512", "avx2"].map { word in
      let outcome = try GanProcess(
        ["train", "dcgan", "--out", word, "--steps", "3", "--precision", "float32"] + Workplace.small, in: place.path,
        shell: "export GAN_CPU=" + word
      ).end()
      #expect(outcome.status == 0, "\(outcome.error)")
      let steps = try place.log(word).filter { $0["event"] as? String == "step" }
      return steps.flatMap { step in
        step.filter { $0.key.hasPrefix("loss") }.sorted { $0.key < $1.key }.compactMap { $0.value as? Double }
      }
    }
    #expect(losses[0].count >= 2)
    for other in losses {
      #expect(other.count == losses[0].count && zip(other, losses[0]).allSatisfy { abs($0 - $1) < 1e-3 }, "\(losses)")
    }
  }
}

extension Substring {
  fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
