import CommandLineKit
import Files
import GAN

/// `gan apply`
struct Apply: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Apply a model that makes pictures of pictures, of any size.",
    discussion: """
      MODEL is a model.safetensors, or published weights of pix2pix, CycleGAN or CUT as safetensors. INPUT is a PNG or JPEG \
      file or a folder of such. With one picture OUT may be a .png file; else it is a folder, which gets the pictures by \
      their names as .png. Depth, opacity and colour profile stay; the size is any: what the network does not take is \
      continued by reflection and cut back, and what does not fit in memory is done in overlapping tiles.
      """)

  @Argument(help: ArgumentHelp("A run folder or a model file.", valueName: "RUN|MODEL"))
  var source: String
  @Argument(help: ArgumentHelp("Pictures, and folders of pictures.", valueName: "INPUT"))
  var inputs: [String]
  @Option(help: ArgumentHelp("Where to write: a .png file for one picture, or a folder.", valueName: "OUT"))
  var out: String
  @Option(help: ArgumentHelp("a-to-b or b-to-a, for a model that translates both ways.", valueName: "WAY"))
  var direction: SideDirection?
  @Option(help: ArgumentHelp("Side of the tiles in pixels, or auto: only what does not fit in memory.", valueName: "N"))
  var tile = TileSize.auto
  @Flag(help: "Replace pictures that are there.")
  var force = false
  @Option(help: ArgumentHelp("CPU threads; by default as many as 'gan doctor' says.", valueName: "N"))
  var threads: ThreadCount?
  @Flag(help: "Print no progress, only what could not be done.")
  var quiet = false
  @Flag(help: "Print one JSON object per picture on standard output.")
  var json = false

  mutating func run() throws {
    if let threads { Machine.threads = threads.count }
    let model = try appliedModel()
    let work = try ApplyPlan(inputs, out: out, replacing: force) { if !isSilent { note($0) } }
    defer { work.end() }
    let line = StatusLine()
    var faults = work.unreadable.map { FileError($0.path, $0.reason) }
    if json { for fault in faults { print(PictureFault(file: fault).json) } }
    for (index, task) in work.tasks.enumerated() {
      do {
        try apply(model, task) { tile, tiles in
          let part = tiles > 1 ? ", tile \(tile) of \(tiles)" : ""
          let isLast = index + 1 == work.tasks.count && tile == tiles
          if !isSilent { line.show("\(index + 1) of \(work.tasks.count)\(part)  \(task.input)", isLast: isLast) }
        }
      } catch let error as PictureFault {
        faults.append(error.file)
        if json { print(error.json) }
      }
    }
    let all = work.tasks.count + work.unreadable.count
    let made = all - faults.count
    if !isSilent && made > 0 { note("\(made == 1 ? "1 picture" : "\(made) pictures") in \(out)") }
    guard !faults.isEmpty else { return }
    note("\(faults.count) of \(all) could not be done:")
    for fault in faults { note("  \(fault)") }
    throw ExitCode.failure
  }

  private var isSilent: Bool { quiet || json }

  private func appliedModel() throws -> AppliedModel {
    guard let model = try ModelFile.read(modelFile(of: source), .standard) as? Translator else {
      throw ValidationError(
        "the model of \(source) draws pictures and takes none: 'gan sample \(source.shellQuoted)' draws some")
    }
    let direction = direction ?? .aToB
    guard model.directions.contains(direction) else {
      throw ValidationError(
        "--direction \(direction.rawValue): the model of \(source) translates one way only; leave it out")
    }
    return try asCommandLine { try AppliedModel(model.oneWay(direction), tiles: tile) }
  }

  /// - Throws: ``PictureFault`` for what is wrong with the picture; `FileError` where the result cannot be written, as those
  ///   after it could not.
  private func apply(_ model: AppliedModel, _ task: ApplyPlan.Task, _ progress: (Int, Int) -> Void) throws {
    let began = ContinuousClock.now
    let result: StoredPicture
    do {
      result = try model(StoredPicture(contentsOf: task.input), progress: progress)
    } catch let error as FileError {
      throw PictureFault(file: error)
    } catch let error as TorchError where error.kind == .outOfMemory {
      throw PictureFault(
        file: FileError(task.input, "memory ran out; smaller tiles take less, as with --tile 256 (\(error))"))
    } catch {
      throw PictureFault(file: FileError(task.input, "\(error)"))
    }
    try result.write(to: task.output)
    guard json else { return }
    var object = JSONObject()
    object.add("input", task.input)
    object.add("output", task.output)
    object.add("width", result.width)
    object.add("height", result.height)
    object.add("seconds", (ContinuousClock.now - began) / .seconds(1))
    print(object.line)
  }
}

/// A picture that could not be done, while others can.
private struct PictureFault: Error {
  let file: FileError

  var json: String {
    var object = JSONObject()
    object.add("input", file.path)
    object.add("error", file.reason)
    return object.line
  }
}

extension SideDirection: ExpressibleByArgument {}

extension TileSize: ExpressibleByArgument {
  /// "auto", or a number of pixels.
  public init?(argument: String) {
    if argument == "auto" {
      self = .auto
    } else if let pixels = Int(argument), (1...65_536).contains(pixels) {
      self = .pixels(pixels)
    } else {
      return nil
    }
  }

  /// "a number of pixels, or auto".
  public static var argumentExpectation: String { "a number of pixels, or auto" }

  /// What is typed for it.
  public var defaultValueDescription: String {
    switch self {
    case .auto: "auto"
    case .pixels(let pixels): "\(pixels)"
    }
  }
}
