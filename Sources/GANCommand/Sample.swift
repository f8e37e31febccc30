import CommandLineKit
import Files
import GAN

/// `gan sample`
struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Make pictures with a trained generator.",
    discussion: """
      The same seed gives the same pictures. OUT ending in .png is one grid, ending in .npy an array uint8 [N, H, W, C] \
      (float32 [N, 2] for points of the plane), without an extension a folder of PNG files. A generator of classes draws each \
      as often as its data have it, or all in turn for a grid. The model of a translation is applied to the run's test split.
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
  @Option(
    help: ArgumentHelp("Where to write: grid.png, samples.npy or a folder; by default samples.png.", valueName: "OUT"))
  var out: String?
  @Flag(help: "Replace the pictures of an earlier call in the folder OUT, all of them.")
  var force = false
  @Option(help: ArgumentHelp("Also write the latents, float32 [N, latent size].", valueName: "FILE.npy"))
  var latents: String?
  @Option(help: ArgumentHelp("Also write the classes, int32 [N], of a generator of classes.", valueName: "FILE.npy"))
  var labels: String?

  mutating func run() throws {
    try validate()
    let model = try ModelFile.read(modelFile(of: source), .standard)
    let kind = model.blueprint.output.format.kind
    let output = try SampleOutput(out ?? UnnamedFile.path("samples.png"))
    try check(output)
    var isGrid = false
    if case .grid = output { isGrid = true }
    try checkLatents(of: model)
    let data = try rows(for: model)
    let sampler = Sampler(
      model, seed: seed, batch: min(batch, count ?? batch), truncation: truncation,
      classes: try classes(model, inTurn: isGrid && kind == .pictures), of: data)
    let count = self.count ?? min(isGrid ? sampler.previewCount : 64, data?.count ?? .max)
    if case .folder(let folder) = output, kind == .points {
      throw ValidationError("points of the plane are written to a .png or an .npy file, not to '\(folder.path)'")
    }
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
    case .points: try write(sampler.points(count), to: output)
    default: try write(sampler, count, to: output)
    }
    note("\(count) \(kind == .points ? "points" : "pictures") in \(output.path)")
  }

  private func validate() throws {
    if let count, !(1...1_000_000).contains(count) {
      throw ValidationError("--count needs a number from 1 to 1,000,000, got \(count)")
    }
    guard batch > 0 else { throw ValidationError("--batch needs a number from 1, got \(batch)") }
    if let truncation, !(truncation > 0 && truncation.isFinite) {
      throw ValidationError("--truncation needs a number above 0, as in 0.7, got \(truncation)")
    }
  }

  /// Refuses what cannot be written before it is computed.
  private func check(_ output: SampleOutput) throws {
    if let latents { try OutputName.check(latents, for: "--latents", suffix: "npy") }
    if let labels { try OutputName.check(labels, for: "--labels", suffix: "npy") }
    let files = [output.path, latents, labels].compactMap { $0.map(FileSystem.absolute) }
    guard Set(files).count == files.count else {
      throw ValidationError("--out, --latents and --labels need different files")
    }
    if case .folder(let folder) = output {
      try folder.check(replacing: force)
    } else if force {
      throw ValidationError(
        "--force would change nothing: it is for a folder of pictures, and a file is replaced anyway")
    } else {
      try AtomicFile.check(output.path)
    }
  }

  /// Which classes are drawn: the wanted one; all in turn in a grid, where each has a column; else as often as in the data.
  private func classes(_ model: any Model, inTurn: Bool) throws -> Sampler.ClassChoice {
    guard let wanted else { return inTurn ? .inTurn : .drawn }
    guard let table = model.blueprint.classTable else {
      throw ValidationError("--class \(wanted): \(source) was trained without classes; leave --class out")
    }
    return .only(try asCommandLine { try table.index(of: wanted) })
  }

  /// Refuses what is about latents where the model takes none.
  private func checkLatents(of model: any Model) throws {
    guard model.blueprint.latentSize == 0 else { return }
    if let option = latents != nil ? "--latents" : truncation != nil ? "--truncation" : nil {
      throw ValidationError("\(option): the model of \(source) takes no random numbers; leave it out")
    }
  }

  /// The data that a model which takes some is applied to: the run's test split, or all its data where there is none.
  private func rows(for model: any Model) throws -> Dataset? {
    guard model.blueprint.takesData else { return nil }
    guard FileSystem.isFolder(source) else {
      throw ValidationError(
        "\(source) is a model that makes pictures of pictures: name the run's folder, whose data it is then applied to")
    }
    let settings = try RunRecord(contentsOf: RunDirectory.reading(source).recipe).run
    let data = try loadTrainingData(settings, quiet: true)
    return try loadHeldOutData(DataSource(settings.data), like: data, settings.loadOptions, quiet: true) ?? data
  }

  private func write(_ points: [ScatterPlot.Point], to output: SampleOutput) throws {
    switch output {
    case .grid(let path): try ScatterPlot.picture(data: [], generated: points).write(to: path)
    case .array(let path): try NPY.write(points.flatMap { [$0.x, $0.y] }, shape: [points.count, 2], to: path)
    case .folder: break
    }
  }

  private func write(_ sampler: Sampler, _ count: Int, to output: SampleOutput) throws {
    switch output {
    case .grid(let path): try sampler.preview(count).write(to: path)
    case .folder(let folder): try folder.write(try sampler.pictures(count))
    case .array(let path):
      let pictures = try sampler.pictures(count)
      let shape = [count, pictures.height, pictures.width, pictures.channels]
      try NPY.write(pictures.pixels, shape: shape, to: path)
    }
  }
}
