// swift-tools-version: 6.2
import Foundation
import PackageDescription

// libtorch is where `scripts/bootstrap` put it: $LIBTORCH, else the user's cache. Only CTorch knows; its settings propagate.
let environment = ProcessInfo.processInfo.environment
let cache =
  environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? (environment["HOME"] ?? "") + "/.cache"
let libtorch = environment["LIBTORCH"] ?? cache + "/swift-gan/libtorch-2.11.0"
let torchHeaders = libtorch + "/torch/include"
let torchLibraries = libtorch + "/torch/lib"

func system(_ name: String, pkgConfig: String, apt: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

let package = Package(
  name: "swift-gan",
  products: [
    .library(name: "GAN", targets: ["GAN"]),
    .executable(name: "gan", targets: ["GANCommand"]),
  ],
  targets: [
    .target(
      name: "CTorch",
      cxxSettings: [
        .unsafeFlags(["-isystem", torchHeaders])
      ],
      linkerSettings: [
        .unsafeFlags(["-L" + torchLibraries, "-Xlinker", "-rpath", "-Xlinker", torchLibraries]),
        .linkedLibrary("torch_cpu"), .linkedLibrary("c10"), .linkedLibrary(":libgomp.so.1"),
      ]),
    system("CLibPNG", pkgConfig: "libpng", apt: "libpng-dev"),
    system("CLibJPEG", pkgConfig: "libjpeg", apt: "libjpeg62-turbo-dev"),
    system("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
    system("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),

    // Both libraries report errors by longjmp, which must not cross Swift.
    .target(name: "CPNG", dependencies: ["CLibPNG"]),
    .target(name: "CJPEG", dependencies: ["CLibJPEG"]),
    // libcurl is loaded when a download starts, so it is no library to link with.
    .target(name: "CCurl"),
    .target(name: "Files", dependencies: ["CCrypto"]),
    .target(name: "Torch", dependencies: ["CTorch", "Files"]),
    .target(name: "NN", dependencies: ["Torch"]),
    .target(name: "Pictures", dependencies: ["Files", "CPNG", "CJPEG", "CZlib"]),
    .target(name: "Datasets", dependencies: ["Pictures", "Files", "CCurl", "CZlib"]),
    .target(name: "Samples", dependencies: ["Torch", "Datasets", "Pictures"]),
    .target(name: "Metrics", dependencies: ["NN", "Torch", "Samples", "Datasets", "Pictures", "Files"]),
    .target(name: "RunLog", dependencies: ["Pictures", "Files"]),
    // Knows no game: it must depend neither on GAN nor on Pictures.
    .target(name: "Training", dependencies: ["NN", "Torch", "Datasets", "Samples", "Metrics", "RunLog", "Files"]),
    .target(
      name: "GAN",
      dependencies: ["NN", "Torch", "Pictures", "Datasets", "Samples", "Metrics", "RunLog", "Training", "Files"]),
    .target(name: "CommandLineKit"),
    .executableTarget(name: "GANCommand", dependencies: ["GAN", "RunLog", "Files", "CommandLineKit"]),

    .executableTarget(name: "first-gan", dependencies: ["GAN"], path: "Examples/FirstGAN"),
    .executableTarget(name: "textbook-game", dependencies: ["GAN"], path: "Examples/TextbookGame"),

    // Plays the step that Benchmarks/check.py holds against the peers'.
    .executableTarget(
      name: "same-mathematics", dependencies: ["GAN", "CommandLineKit"], path: "Benchmarks/SameMathematics"),
    .executableTarget(name: "kernel-times", dependencies: ["GAN", "CommandLineKit"], path: "Benchmarks/KernelTimes"),
    .executableTarget(name: "metric-times", dependencies: ["GAN", "CommandLineKit"], path: "Benchmarks/MetricTimes"),

    .testTarget(name: "FilesTests", dependencies: ["Files"]),
    // A device whose memory the host may not read; no product, for the tests alone.
    .target(
      name: "PretendedGPU", dependencies: ["CTorch"], path: "Tests/PretendedGPU",
      cxxSettings: [
        .unsafeFlags(["-isystem", torchHeaders])
      ]),
    // Reads the numbers of the Python originals; no product, for the tests alone.
    .target(name: "TestFixtures", dependencies: ["Torch", "Files"], path: "Tests/TestFixtures"),
    // Hostile files are held against these in tests, and by libFuzzer in scripts/fuzz.
    .target(
      name: "FuzzedReaders", dependencies: ["GAN", "Datasets", "RunLog", "Torch", "Files"], path: "Tests/FuzzedReaders",
      resources: [.copy("Corpus")]),
    .testTarget(name: "TorchTests", dependencies: ["Torch", "Files", "TestFixtures"], resources: [.copy("Fixtures")]),
    .testTarget(name: "NNTests", dependencies: ["NN", "Torch", "TestFixtures"], resources: [.copy("Fixtures")]),
    .testTarget(name: "DeviceTests", dependencies: ["PretendedGPU", "GAN", "NN", "Torch", "TestFixtures"]),
    .testTarget(name: "PicturesTests", dependencies: ["Pictures", "Files"]),
    .testTarget(
      name: "DatasetsTests", dependencies: ["Datasets", "Pictures", "Files"], resources: [.copy("Fixtures")]),
    .testTarget(name: "SamplesTests", dependencies: ["Samples", "Datasets", "Pictures", "Torch"]),
    .testTarget(
      name: "MetricsTests", dependencies: ["Metrics", "Samples", "Datasets", "NN", "Torch", "Files", "TestFixtures"],
      resources: [.copy("Fixtures")]),
    .testTarget(name: "RunLogTests", dependencies: ["RunLog", "Pictures", "Files"]),
    .testTarget(
      name: "TrainingTests", dependencies: ["Training", "NN", "Torch", "Datasets", "Samples", "RunLog", "Files"]),
    .testTarget(
      name: "GANTests", dependencies: ["GAN", "Files", "TestFixtures", "FuzzedReaders"], resources: [.copy("Fixtures")]),
    .testTarget(name: "CommandLineKitTests", dependencies: ["CommandLineKit"]),
    .testTarget(name: "GANCommandTests", dependencies: ["GANCommand", "GAN"]),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx20
)

// libFuzzer brings the main function of what it drives, which scripts/fuzz alone links.
if environment["GAN_FUZZING"] != nil {
  package.targets.append(
    .executableTarget(name: "fuzz-readers", dependencies: ["FuzzedReaders", "Files"], path: "Tests/Fuzzing"))
}
