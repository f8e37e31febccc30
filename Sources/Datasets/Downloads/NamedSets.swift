/// The data sets that have a name: `mnist`, `fashion-mnist`, `cifar10`.
public enum NamedSets {
  /// All of them.
  public static let all = [mnist, fashionMNIST, cifar10]

  /// The folder that holds the files of the set `name`, downloaded if need be.
  ///
  /// Looked for in `directory` if one is given, and only there; else in `$GAN_DATA/NAME`, then in `CACHE/data/NAME`;
  /// else downloaded to the latter from `$GAN_MIRROR/NAME/FILE` or the usual mirrors, through the proxies that
  /// `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` name, and verified by SHA-256. Files may be there plain or
  /// as `.gz`.
  ///
  /// - Parameters:
  ///   - directory: the DIR of `NAME:DIR`.
  ///   - environment: the process's environment.
  ///   - cache: swift-gan's folder in the user's cache.
  ///   - progress: called about ten times a second while bytes arrive.
  /// - Returns: `directory` or another of those folders, or the one below it that the set's own archive unpacks to.
  /// - Throws: `FileError` when `directory` lacks files (it names them) or the disk is full; ``DownloadError`` when no
  ///   mirror gives a file; another error with a sentence when `name` is none of ``all`` or libcurl is missing.
  public static func locate(
    _ name: String, directory: String?, environment: [String: String], cache: String,
    progress: ((DownloadProgress) -> Void)? = nil
  ) throws -> String {
    guard let set = all.first(where: { $0.name == name }) else { throw UnknownSet(name: name) }
    return try set.locate(directory: directory, environment: environment, cache: cache, progress: progress)
  }

  /// Handwritten digits (LeCun et al. 1998): 60,000 + 10,000 grey images, 28x28.
  ///
  /// Sizes and SHA-256 as in TensorFlow Datasets, `url_checksums/mnist.txt`.
  static let mnist = NamedSet(
    name: "mnist",
    layouts: [idxLayout],
    files: [
      .init(
        "train-images-idx3-ubyte.gz", byteCount: 9_912_422,
        sha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
      .init(
        "train-labels-idx1-ubyte.gz", byteCount: 28_881,
        sha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
      .init(
        "t10k-images-idx3-ubyte.gz", byteCount: 1_648_877,
        sha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
      .init(
        "t10k-labels-idx1-ubyte.gz", byteCount: 4_542,
        sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
    ],
    mirrors: [
      "https://ossci-datasets.s3.amazonaws.com/mnist/",
      "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ])

  /// Pictures of clothes (Xiao et al. 2017, arXiv:1708.07747), in the format of MNIST.
  ///
  /// Sizes and SHA-256 as in TensorFlow Datasets, `url_checksums/fashion_mnist.txt`.
  static let fashionMNIST = NamedSet(
    name: "fashion-mnist",
    layouts: [idxLayout],
    files: [
      .init(
        "train-images-idx3-ubyte.gz", byteCount: 26_421_880,
        sha256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
      .init(
        "train-labels-idx1-ubyte.gz", byteCount: 29_515,
        sha256: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
      .init(
        "t10k-images-idx3-ubyte.gz", byteCount: 4_422_102,
        sha256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
      .init(
        "t10k-labels-idx1-ubyte.gz", byteCount: 5_148,
        sha256: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
    ],
    mirrors: [
      "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
      "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
      "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ])

  /// Small photographs (Krizhevsky 2009): 50,000 + 10,000 RGB images, 32x32, in the official binary format; a folder
  /// may hold PNG sheets of them instead.
  ///
  /// Size and SHA-256 as in TensorFlow Datasets, `url_checksums/cifar10.txt`.
  static let cifar10 = NamedSet(
    name: "cifar10",
    layouts: [
      .init((1...5).map { "data_batch_\($0).bin" } + ["test_batch.bin"], subfolder: "cifar-10-batches-bin"),
      .init(["cifar10_labels-idx1-ubyte", "cifar10_batch_00.png"]),
    ],
    files: [
      .init(
        "cifar-10-binary.tar.gz", byteCount: 170_052_171,
        sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
        members: (1...5).map { "cifar-10-batches-bin/data_batch_\($0).bin" } + ["cifar-10-batches-bin/test_batch.bin"])
    ],
    mirrors: [
      "https://www.cs.toronto.edu/~kriz/",
      "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/",
      "https://mindspore-website.obs.cn-north-4.myhuaweicloud.com/notebook/datasets/",
    ])

  private static let idxLayout = NamedSet.Layout([
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
  ])
}

/// A name that no set has.
struct UnknownSet: Error, CustomStringConvertible {
  let name: String

  var description: String {
    "there is no data set named '\(name)'; there are \(NamedSets.all.map(\.name).joined(separator: ", "))"
  }
}
