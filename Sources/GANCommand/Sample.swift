import Files
import CommandLineKit
import Foundation
import GAN

/// `gan sample`
struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Make pictures with a trained generator.",
    discussion: """
      The same seed gives the same pictures. OUT ending in .png is one grid, ending in .npy an array uint8 [N, H, W, C] \
      (float32 [N, 2] for points of the plane), anything else a folder of PNG files. A generator of classes draws each \
      as often as its data have it, or all in turn for a grid.
      """)

  @Argument(help: ArgumentHelp("A run's folder or a generator.safetensors.", valueName: "RUN|FILE"))
  var source: String
  @Option(
    help: ArgumentHelp("How many pictures, by default 64, or 8 of each class in a grid of classes.", valueName: "N"))
  var count: Int?
  @Option(help: ArgumentHelp("What the pictures depend on.", valueName: "N"))
  var seed: UInt64 = 1
  @Option(
    name: .customLong("class"),
    help: ArgumentHelp("One class alone, by number or name, for a generator of classes.", valueName: "K"))
  var wanted: String?
  @Option(help: ArgumentHelp("Cut the latents off at this value: fewer, more typical pictures.", valueName: "T"))
  var truncation: Double?
  @Option(help: ArgumentHelp("Pictures computed at once.", valueName: "N"))
  var batch = 100
  @Option(help: ArgumentHelp("Where to write: grid.png, samples.npy or a folder.", valueName: "OUT"))
  var out = "samples.png"
  @Option(help: ArgumentHelp("Also write the latents, float32 [N, latent size].", valueName: "FILE.npy"))
  var latents: String?
  @Option(help: ArgumentHelp("Also write the classes, int32 [N], of a generator of classes.", valueName: "FILE.npy"))
  var labels: String?

  mutating func run() throws {
    if let count, !(1...1_000_000).contains(count) {
      throw ValidationError("--count needs a number from 1 to 1,000,000, got \(count)")
    }
    guard batch > 0 else { throw ValidationError("--batch needs a number from 1, got \(batch)") }
    if let truncation, !(truncation > 0 && truncation.isFinite) {
      throw ValidationError("--truncation needs a number above 0, as in 0.7, got \(truncation)")
    }
    let isRun = FileSystem.isFolder(source)
    let (generator, kind) = try GeneratorFile.read(isRun ? RunDirectory.reading(source).generator : source)
    let sampler = Sampler(
      generator, seed: seed, batch: min(batch, count ?? batch), truncation: truncation,
      classes: try classes(generator, kind))
    let count = self.count ?? (isGrid ? sampler.gridCount : 64)
    if let labels {
      guard let classes = try withTorchErrors({ sampler.classes(0..<count) }) else {
        throw ValidationError("--labels \(labels): \(source) was trained without classes; leave --labels out")
      }
      try NPY.write(classes.array(of: Int64.self).map { Int32($0) }, shape: [count], to: labels)
    }
    if let latents {
      let values = try withTorchErrors { sampler.latents(0..<count) }
      try NPY.write(values.array(of: Float.self), shape: values.shape, to: latents)
    }
    switch kind {
    case .plane: try writePoints(sampler, count)
    case .images: try writePictures(sampler, count)
    }
    note("\(count) \(kind == .plane ? "points" : "pictures") in \(out)")
  }

  private var isGrid: Bool { out.hasSuffix(".png") }

  /// Which classes are drawn: the wanted one; all in turn in a grid, where each has a column; else as often as in the data.
  private func classes(_ generator: any Generator, _ kind: Dataset.Kind) throws -> Sampler.ClassChoice {
    guard let wanted else { return isGrid && kind == .images ? .inTurn : .drawn }
    guard let table = generator.description.classTable else {
      throw ValidationError("--class \(wanted): \(source) was trained without classes; leave --class out")
    }
    return .only(try asCommandLine { try table.index(of: wanted) })
  }

  private func writePoints(_ sampler: Sampler, _ count: Int) throws {
    let points = try sampler.points(count)
    if out.hasSuffix(".npy") {
      try NPY.write(points.flatMap { [$0.x, $0.y] }, shape: [count, 2], to: out)
    } else if isGrid {
      try ScatterPlot.picture(data: [], generated: points).write(to: out)
    } else {
      throw ValidationError("points of the plane are written to a .png or an .npy file, not to '\(out)'")
    }
  }

  private func writePictures(_ sampler: Sampler, _ count: Int) throws {
    if isGrid {
      try sampler.grid(count).write(to: out)
      return
    }
    let pictures = try sampler.pictures(count)
    if out.hasSuffix(".npy") {
      let shape = [count, pictures.height, pictures.width, pictures.channels]
      try NPY.write(pictures.pixels, shape: shape, to: out)
    } else {
      try FileSystem.createFolder(out)
      for index in 0..<count {
        let digits = String(index)
        let name = String(repeating: "0", count: max(6 - digits.count, 0)) + digits
        try pictures[index].write(to: "\(out)/\(name).png", as: .sample)
      }
    }
  }
}
