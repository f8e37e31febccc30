/// What is asked of a run besides its recipe.
public struct RunSettings: Sendable, Codable, Equatable {
  /// Where the data come from, as `DataSource` reads it.
  public var data: String
  /// The wanted width of pictures, `nil` for their own.
  public var width: Int?
  /// The wanted height of pictures, `nil` for their own.
  public var height: Int?
  /// Whether the sub-folders of a folder of pictures are classes.
  public var classesFromFolders = false
  /// What all random numbers of the run depend on.
  public var seed: UInt64 = 1
  /// When the run has done enough.
  public var limits = Limits()
  /// Steps between checkpoints.
  public var checkpointEvery = 500
  /// Threads that an operator may use; the trainer sets `Machine.threads` to it.
  public var threads: Int

  /// Settings for a run on `data`, with as many threads as `Machine.threads` says now.
  public init(data: String, threads: Int = Machine.threads) {
    self.data = data
    self.threads = threads
  }

  /// Throws when a setting cannot be: ``GANError`` that names it as `recipe.json` does.
  public func validate() throws(GANError) {
    func check(_ name: String, _ value: Int?, atMost most: Int = .max) throws(GANError) {
      guard let value, !(1...most).contains(value) else { return }
      throw GANError("\(name) needs a whole number from 1" + (most == .max ? "" : " to \(most)") + ", got \(value)")
    }
    try check("width", width)
    try check("height", height)
    guard (width == nil) == (height == nil) else {
      throw GANError("width and height go together: give both or neither")
    }
    try check("limits.steps", limits.steps)
    try check("limits.images", limits.images)
    if let minutes = limits.minutes, !(minutes > 0 && minutes.isFinite) {
      throw GANError("limits.minutes needs a number above 0, got \(minutes)")
    }
    try check("checkpointEvery", checkpointEvery)
    try check("threads", threads, atMost: 1024)
  }

  /// How to load the data.
  public var loadOptions: LoadOptions {
    var options = LoadOptions()
    if let width, let height { options.size = (width: width, height: height) }
    options.classesFromFolders = classesFromFolders
    return options
  }
}

/// When a run has done enough: at the first of these that is reached. They are totals of the run, resumed or not.
public struct Limits: Sendable, Codable, Equatable {
  /// Training steps.
  public var steps: Int?
  /// Training images, real ones.
  public var images: Int?
  /// Minutes of training time.
  public var minutes: Double?

  /// The limits that are given; without any the recipe's `steps` hold.
  public init(steps: Int? = nil, images: Int? = nil, minutes: Double? = nil) {
    self.steps = steps
    self.images = images
    self.minutes = minutes
  }

  /// So many steps.
  public static func steps(_ count: Int) -> Limits { Limits(steps: count) }
  /// So many real images.
  public static func images(_ count: Int) -> Limits { Limits(images: count) }
  /// So many minutes.
  public static func minutes(_ count: Double) -> Limits { Limits(minutes: count) }

  /// Whether nothing limits the run.
  public var isEmpty: Bool { self == Limits() }

  /// The step at which steps or images end the run, with `imagesPerStep` real images a step.
  package func lastStep(imagesPerStep: Int) -> Int? {
    let byImages = images.map { $0 / imagesPerStep + ($0 % imagesPerStep == 0 ? 0 : 1) }
    return [steps, byImages].compactMap { $0 }.min()
  }
}
