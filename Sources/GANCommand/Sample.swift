import CommandLineKit
import Files
import GAN

/// `gan sample`
struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Generate pictures with a trained generator.",
    discussion: """
      The same seed gives the same pictures. OUT is a grid if it ends in .png, an array uint8 [N, H, W, C] if it ends in \
      .npy (float32 [N, 2] for points in the plane), and a folder of PNG files if it has no extension. A class-conditional \
      generator draws each class as often as its training data have it; in a grid, all classes in turn \
      (groups that were found: as often as they occur). The model of a translation is applied to the test split of its run.
      """)

  @Argument(help: ArgumentHelp("A run folder or a generator.safetensors.", valueName: "RUN|FILE"))
  var source: String
  @Option(
    help: ArgumentHelp("How many pictures; by default 64, or 8 per class in a grid of classes.", valueName: "N"))
  var count: Int?
  @Option(help: ArgumentHelp("Seed of the pictures.", valueName: "N"))
  var seed: UInt64 = 1
  @Option(
    name: .customLong("class"),
    help: ArgumentHelp("Only this class, by number or name, of a class-conditional generator.", valueName: "K"))
  var wanted: String?
  @Option(
    help: ArgumentHelp(
      "Less varied, more typical pictures: the greatest latent, or how far styles may be from their mean.",
      valueName: "T"))
  var truncation: Double?
  @Option(
    help: ArgumentHelp(
      "Keep this share of what is drawn, by the scores of the run's discriminator, as in 0.3.", valueName: "SHARE"))
  var rejection: Double?
  @Option(help: ArgumentHelp("Pictures computed at a time.", valueName: "N"))
  var batch = 100
  @Option(
    help: ArgumentHelp(
      "Where to write: a .png grid, an .npy array or a folder; by default samples.png.", valueName: "OUT"))
  var out: String?
  @Flag(help: "Replace all pictures that an earlier call wrote to the folder OUT.")
  var force = false
  @Option(help: ArgumentHelp("Also write the latents: float32 [N, latent size].", valueName: "FILE.npy"))
  var latents: String?
  @Option(
    help: ArgumentHelp("Also write the classes of a class-conditional generator: int32 [N].", valueName: "FILE.npy"))
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
    var sampler = Sampler(
      model, seed: seed, batch: min(batch, count ?? batch), truncation: truncation,
      classes: try classes(model, inTurn: isGrid && kind == .pictures && rejection == nil), of: data)
    let count = self.count ?? min(isGrid ? sampler.previewCount : 64, data?.count ?? .max)
    if let rejection { sampler = sampler.picking(try accepted(count, of: sampler, share: rejection)) }
    if case .folder(let folder) = output, kind == .points {
      throw ValidationError(
        "points in the plane can be written to a .png or an .npy file, not to a folder such as '\(folder.path)'")
    }
    if let labels {
      guard let classes = try withTorchErrors({ sampler.classes(0..<count) }) else {
        throw ValidationError("--labels \(labels): \(source) was trained without class labels; leave --labels out")
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
    let sample = kind == .points ? "point" : "picture"
    note("\(count == 1 ? "one \(sample)" : "\(count) \(sample)s") in \(output.path)")
  }

  private func validate() throws {
    if let count, !(1...1_000_000).contains(count) {
      throw ValidationError("--count must be from 1 to 1,000,000, got \(count)")
    }
    guard batch > 0 else { throw ValidationError("--batch must be at least 1, got \(batch)") }
    if let truncation, !(truncation > 0 && truncation.isFinite) {
      throw ValidationError("--truncation needs a number above 0, as in 0.7, got \(truncation)")
    }
    if let rejection {
      guard (DiscriminatorRejection.leastShare...1).contains(rejection) else {
        throw ValidationError(
          "--rejection needs a share from \(DiscriminatorRejection.leastShare) to 1, as in 0.3, got \(rejection)")
      }
      guard FileSystem.isFolder(source) else {
        throw ValidationError(
          "--rejection needs a run, whose checkpoint has the discriminator: name its folder, not a file")
      }
    }
  }

  /// The numbers of the draws that the run's discriminator accepts.
  private func accepted(_ count: Int, of sampler: Sampler, share: Double) throws -> [Int] {
    let line = StatusLine()
    return try DiscriminatorRejection(run: source, for: sampler.model)
      .accepted(count, of: sampler, share: share, seed: seed) { done in
        line.show("accepted \(done) of \(count)", isLast: done == count)
      }
  }

  /// Refuses what cannot be written before it is computed.
  private func check(_ output: SampleOutput) throws {
    if let latents { try OutputName.check(latents, for: "--latents", suffix: "npy") }
    if let labels { try OutputName.check(labels, for: "--labels", suffix: "npy") }
    let files = [output.path, latents, labels].compactMap { $0.map(FileSystem.absolute) }
    guard Set(files).count == files.count else {
      throw ValidationError("--out, --latents and --labels must name different files")
    }
    if case .folder(let folder) = output {
      try folder.check(replacing: force)
    } else if force {
      throw ValidationError(
        "--force would have no effect: it is for folders; files are always replaced")
    } else {
      try AtomicFile.check(output.path)
    }
  }

  /// Which classes are drawn: the wanted one; all in turn in a grid, where each has a column; else as often as in the data.
  private func classes(_ model: any Model, inTurn: Bool) throws -> Sampler.ClassChoice {
    guard let wanted else { return inTurn ? .inTurn : .drawn }
    guard let table = model.blueprint.classTable else {
      throw ValidationError("--class \(wanted): \(source) was trained without class labels; leave --class out")
    }
    return .only(try asCommandLine { try table.index(of: wanted) })
  }

  /// Refuses what is about latents where the model takes none.
  private func checkLatents(of model: any Model) throws {
    guard model.blueprint.latentSize == 0 else { return }
    let asked = [("--latents", latents != nil), ("--truncation", truncation != nil), ("--rejection", rejection != nil)]
    if let option = asked.first(where: \.1)?.0 {
      throw ValidationError("\(option): the model of \(source) takes no random numbers; leave it out")
    }
  }

  /// The data that a model which takes some is applied to: the run's test split, or all its data where there is none.
  private func rows(for model: any Model) throws -> Dataset? {
    guard model.blueprint.takesData else { return nil }
    guard FileSystem.isFolder(source) else {
      throw ValidationError(
        "\(source) translates pictures and generates none by itself: name the run folder, whose test split it is then applied to"
      )
    }
    let (record, recipe) = try RunRecord.read(RunDirectory.reading(source).recipe)
    let data = try loadTrainingData(record.run, recipe.sides, quiet: true)
    return try loadHeldOutData(record.run, recipe.sides, like: data, quiet: true) ?? data
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
