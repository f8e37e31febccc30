import CommandLineKit
import GAN

/// `gan data`
struct Data: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "Look at a data set before training on it.",
    discussion: """
      Prints a summary and writes a preview picture. Pairs of pictures, and two collections, 'FROM -> TO' or subfolders \
      trainA and trainB, are shown as a game that translates them sees them.
      """)

  @Argument(
    help: ArgumentHelp("A named data set, a folder of pictures, an IDX file or an .npy file.", valueName: "DATA"))
  var source = "digits"
  @Option(help: ArgumentHelp("Which split: train or test.", valueName: "SPLIT"))
  var split = Split.train
  @Option(help: ArgumentHelp("Resize and crop pictures to this size.", valueName: "WxH"))
  var size: PictureSize?
  @Option(help: ArgumentHelp("'folders': each subfolder of a folder of pictures is a class.", valueName: "folders"))
  var classes: ClassSource?
  @Option(help: ArgumentHelp("How the pictures of a folder lie: auto, halves or single.", valueName: "LAYOUT"))
  var layout = SideLayout.auto
  @Option(help: ArgumentHelp("Samples in the preview and in exported files; by default 64 and all.", valueName: "N"))
  var count: Int?
  @Option(
    help: ArgumentHelp(
      "Where to write the preview; by default data.png, or data-2.png and so on if that exists.",
      valueName: "FILE.png"))
  var preview: String?
  @Option(help: ArgumentHelp("Also write the samples: uint8 [N, H, W, C] or float32.", valueName: "FILE.npy"))
  var export: String?
  @Option(help: ArgumentHelp("Also write the labels: int32 [N].", valueName: "FILE.npy"))
  var labels: String?

  mutating func run() throws {
    if let preview { try OutputName.check(preview, for: "--preview", suffix: "png") }
    if let export { try OutputName.check(export, for: "--export", suffix: "npy") }
    if let labels { try OutputName.check(labels, for: "--labels", suffix: "npy") }
    if let count, count < 1 { throw ValidationError("--count must be at least 1, got \(count)") }
    var options = LoadOptions()
    if let size { options.size = (width: size.width, height: size.height) }
    options.classesFromFolders = classes != nil
    showProgress(of: &options)
    let source = try DataSource(source)
    if classes == nil {
      options.sides = Sides(layout: layout)
      if try source.arrangement(options) == .single { options.sides = nil }
    } else if layout != .auto {
      throw ValidationError(
        "--layout \(layout.rawValue) would have no effect: --classes folders says that subfolders are classes")
    }
    let data = try source.load(split, options: options)
    if let labels, data.labels == nil { throw ValidationError("--labels \(labels): \(source) has no labels") }
    for warning in data.warnings { note("warning: \(warning)") }
    for notice in data.notices { note(notice) }
    for line in try lines(DatasetSummary(data), data) { print(line) }
    let preview = self.preview ?? UnnamedFile.path("data.png")
    try writePreview(data, to: preview)
    print("preview       \(preview)")
    try writeArrays(data)
  }

  private func lines(_ summary: DatasetSummary, _ data: Dataset) throws -> [String] {
    var lines = [
      "\(data.name), \(split.rawValue)", "samples       \(summary.count)", "shape         \(summary.shape) (C x H x W)",
    ]
    if let target = data["target"]?.format.sampleShape {
      lines.append("targets       one each, \(target)")
    } else if let counterpart = data.counterpart {
      lines.append("targets       \(counterpart.count) without pairs, \(counterpart.shape)")
    }
    func add(_ channels: [DatasetSummary.Channel], of side: String) {
      for (index, channel) in channels.enumerated() {
        let (mean, deviation) = (rounded(channel.mean), rounded(channel.deviation))
        lines.append("\(side)channel \(index)     mean \(mean), deviation \(deviation) in [-1, 1]")
      }
    }
    add(summary.channels, of: "")
    if data.hasSamples("target") { add(DatasetSummary.channels(of: try data.ofSamples("target")), of: "target's ") }
    if let counts = summary.classCounts { lines.append(classLine(counts, data)) }
    if summary.duplicates.count == 0 {
      lines.append("duplicates    none")
    } else if let pair = summary.duplicates.example {
      lines.append(
        "duplicates    \(summary.duplicates.count), such as sample \(pair.second), which equals sample \(pair.first)")
    }
    lines.append("fingerprint   \(data.fingerprint)")
    if !summary.unreadable.isEmpty { lines.append("unreadable    \(summary.unreadable.count)") }
    return lines + summary.unreadable.map { "  \($0)" }
  }

  private func classLine(_ counts: [Int], _ data: Dataset) -> String {
    guard counts.count <= 20 else {
      let least = counts.min() ?? 0
      return "classes       \(counts.count), with \(least) to \(counts.max() ?? 0) samples each"
    }
    let parts = counts.enumerated().map { "\(data.classNames?[$0] ?? "\($0)"): \($1)" }
    return "classes       \(parts.joined(separator: ", "))"
  }

  private func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }

  private func writePreview(_ data: Dataset, to preview: String) throws {
    try data.preview(count).write(to: preview)
  }

  private func writeArrays(_ data: Dataset) throws {
    let rows = min(count ?? data.count, data.count)
    let shape = [rows, data.shape.height, data.shape.width, data.shape.channels]
    if let export {
      try data.withUnsafeBytes { bytes in
        let part = UnsafeRawBufferPointer(rebasing: bytes[..<(rows * data.bytesPerSample)])
        switch data.element {
        case .uint8: try NPY.write(Array(part), shape: shape, to: export)
        case .int32: try NPY.write(Array(part.bindMemory(to: Int32.self)), shape: shape, to: export)
        case .float32: try NPY.write(Array(part.bindMemory(to: Float.self)), shape: shape, to: export)
        }
      }
      print("samples       \(export)")
    }
    if let labels, let values = data.labels {
      try NPY.write(Array(values.prefix(rows)), shape: [rows], to: labels)
      print("labels        \(labels)")
    }
  }
}

extension Split: ExpressibleByArgument {}
extension SideLayout: ExpressibleByArgument {}
