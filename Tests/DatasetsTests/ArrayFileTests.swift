import Datasets
import Foundation
import Testing

/// A `.npy` file of version 1 with this header, without data.
func npy(_ header: String) -> [UInt8] {
  [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)]
    + Array(header.utf8)
}

/// IDX and `.npy` files, good and bad.
struct ArrayFileTests {
  private func gzip(_ bytes: [UInt8], as name: String, in folder: TemporaryFolder) throws -> String {
    let path = try folder.write(bytes, to: name)
    let process = try Process.run(URL(fileURLWithPath: "/usr/bin/env"), arguments: ["gzip", "-f", path])
    process.waitUntilExit()
    return path + ".gz"
  }

  @Test(arguments: [false, true])
  func `an IDX file has its labels and its other split beside it`(compressed: Bool) throws {
    let folder = try TemporaryFolder()
    let files: [(String, [UInt8])] = [
      ("train-images-idx3-ubyte", idx([3, 2, 2], (0..<12).map { $0 })),
      ("train-labels-idx1-ubyte", idx([3], [5, 0, 4])),
      ("t10k-images-idx3-ubyte", idx([1, 2, 2], [9, 8, 7, 6])), ("t10k-labels-idx1-ubyte", idx([1], [3])),
    ]
    for (name, bytes) in files {
      if compressed { _ = try gzip(bytes, as: name, in: folder) } else { try folder.write(bytes, to: name) }
    }
    let source = try DataSource(folder.path + "/train-images-idx3-ubyte" + (compressed ? ".gz" : ""))
    let train = try source.load(.train, options: folder.options)
    #expect(train.allBytes == (0..<12).map { $0 })
    #expect(train.labels == [5, 0, 4])
    #expect(train.classCount == 6)
    let test = try source.load(.test, options: folder.options)
    #expect(test.allBytes == [9, 8, 7, 6])
    #expect(test.labels == [3])
    let named = try DataSource("mnist:" + folder.path).load(.train, options: folder.options)
    #expect(named.fingerprint == train.fingerprint)
    #expect(named.classNames?.count == 10)
  }

  @Test(arguments: [
    ([UInt8]([0, 0, 8, 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), "announces"),
    (idx([3, 2, 2], [1, 2, 3]), "announces 3x2x2 numbers, that is 28 bytes, but the file has 19"),
    (idx([1, 1, 1], [1, 2]), "that is 17 bytes, but the file has 18"),
    (idx([4], [1, 2, 3, 4]), "pictures are NxHxW"), ([0, 0, 0x0d, 3, 0, 0, 0, 1], "only unsigned bytes"),
    ([0, 0, 8, 3, 0, 0, 0, 1], "header is truncated"), (idx([0, 2, 2], []), "pictures are NxHxW"),
  ])
  func `a bad IDX file is refused`(bytes: [UInt8], reason: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(bytes, to: "bad-idx3-ubyte")
    let message = try #require(sentence { _ = try DataSource(path).load(.train, options: folder.options) })
    #expect(message.hasPrefix(path))
    #expect(message.contains(reason))
  }

  @Test func `gzip bombs, truncation and damage are refused`() throws {
    let folder = try TemporaryFolder()
    let bomb = try gzip(idx([1, 2, 2], [UInt8](repeating: 0, count: 3_000_000)), as: "bomb", in: folder)
    let hollow = try gzip(idx([60000, 1000, 1000], []), as: "hollow", in: folder)
    let whole = try gzip(
      idx([9, 30, 30], (0..<8100).map { UInt8(truncatingIfNeeded: $0 * $0 / 7) }), as: "w", in: folder)
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: whole)))
    let truncated = try folder.write(Array(bytes.dropLast(bytes.count / 2)), to: "truncated.gz")
    for index in 500..<540 { bytes[index] ^= 0x55 }
    let damaged = try folder.write(bytes, to: "damaged.gz")
    for (path, reason) in [
      (bomb, "holds more than 20"), (hollow, "compressed bytes can hold"), (truncated, "truncated"),
      (damaged, "damaged"),
    ] {
      let message = try #require(sentence { _ = try DataSource(path).load(.train, options: folder.options) })
      #expect(message.hasPrefix(path))
      #expect(message.contains(reason))
    }
  }

  @Test func `labels must match`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(idx([2, 1, 1], [1, 2]), to: "train-images-idx3-ubyte")
    try folder.write(idx([3], [1, 2, 3]), to: "train-labels-idx1-ubyte")
    let message = try #require(sentence { _ = try DataSource(path).load(.train, options: folder.options) })
    #expect(message.contains("3 labels do not match the 2 pictures"))
  }

  @Test func `arrays of bytes and floats`() throws {
    let folder = try TemporaryFolder()
    let bytes = try folder.write(
      npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1, 2, 3), }") + (0..<12).map { $0 }, to: "bytes.npy")
    let pictures = try DataSource(bytes).load(.train, options: folder.options)
    #expect(pictures.shape == SampleShape(channels: 3, height: 1, width: 2))
    #expect(pictures.allBytes == (0..<12).map { $0 })
    let numbers: [Double] = [-1, 0.5, 0.25, 1]
    let floats = try folder.write(
      npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }") + numbers.withUnsafeBytes { Array($0) },
      to: "floats.npy")
    let points = try DataSource(floats).load(.train, options: folder.options)
    #expect(points.kind == .points)
    #expect(points.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) } == [-1, 0.5, 0.25, 1])
  }

  @Test(arguments: [
    ("{'descr': '|u1', 'fortran_order': True, 'shape': (1, 1, 2), }", "Fortran"),
    ("{'descr': '<i8', 'fortran_order': False, 'shape': (1, 1, 2), }", "'<i8'"),
    ("{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1, 9), }", "that is 81 bytes, but the file has 74"),
    ("{'descr': '|u1', 'fortran_order': False, 'shape': (9223372036854775807, 9, 9), }", "larger than any file"),
    ("{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }", "does not hold pictures"),
    ("{'descr': [('a', '|u1')], 'fortran_order': False, 'shape': (2,), }", "plain type"),
  ])
  func `a bad array is refused`(header: String, reason: String) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(npy(header) + [1, 2], to: "bad.npy")
    let message = try #require(sentence { _ = try DataSource(path).load(.train, options: folder.options) })
    #expect(message.hasPrefix(path))
    #expect(message.contains(reason))
  }

  @Test(arguments: [Float.nan, 1.5, -Float.infinity])
  func `floats outside the range are refused`(value: Float) throws {
    let folder = try TemporaryFolder()
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1), }"
    let path = try folder.write(npy(header) + withUnsafeBytes(of: value) { Array($0) }, to: "bad.npy")
    let message = try #require(sentence { _ = try DataSource(path).load(.train, options: folder.options) })
    #expect(message.contains("must lie in [-1, 1]"))
  }

  @Test func `an array in gzip is read as the array`() throws {
    let folder = try TemporaryFolder()
    let array = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 1, 2, 3), }") + (0..<12).map { $0 }
    let plain = try DataSource(folder.write(array, to: "plain.npy")).load(.train, options: folder.options)
    let path = try gzip(array, as: "packed.npy", in: folder)
    let packed = try DataSource(path).load(.train, options: folder.options)
    #expect(packed.fingerprint == plain.fingerprint && packed.shape == plain.shape)
    let short = try gzip(array.dropLast(), as: "short.npy", in: folder)
    let message = try #require(sentence { _ = try DataSource(short).load(.train, options: folder.options) })
    #expect(message.hasPrefix(short) && message.contains("but the file holds"))
  }

  @Test func `the fingerprint of an array is kept as long as its file stays as it is`() throws {
    let folder = try TemporaryFolder()
    let array = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (1, 1, 2), }")
    let path = try folder.write(array + [1, 2], to: "a.npy")
    let source = try DataSource(path)
    let first = try source.load(.train, options: folder.options).fingerprint
    #expect(try source.load(.train, options: folder.options).fingerprint == first)
    try folder.write(array + [2, 1], to: "a.npy")
    let second = try source.load(.train, options: folder.options).fingerprint
    let other = try TemporaryFolder()
    let anew = try source.load(.train, options: other.options).fingerprint
    #expect(second != first && second == anew)
  }

  @Test(arguments: [
    ([0, 0.25, 1, 0.5] as [Float], 1), ([-0.01, 0, 1, 0.5], 0), ([0, 0, 0, 0], 0), ([-1, -0.5, -0.1, 0], 0),
  ])
  func `floats from 0 to 1 are warned of`(values: [Float], warnings: Int) throws {
    let folder = try TemporaryFolder()
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 2), }"
    let path = try folder.write(npy(header) + values.withUnsafeBytes { Array($0) }, to: "a.npy")
    let dataset = try DataSource(path).load(.train, options: folder.options)
    #expect(dataset.warnings.count == warnings && dataset.warnings.allSatisfy { $0.contains("save 2 x - 1") })
    #expect(dataset.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) } == values)
  }

  /// Points of the plane may well lie in one corner.
  @Test func `points from 0 to 1 are not warned of`() throws {
    let folder = try TemporaryFolder()
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }"
    let path = try folder.write(npy(header) + ([0, 0.5, 1, 0.5] as [Float]).withUnsafeBytes { Array($0) }, to: "a.npy")
    #expect(try DataSource(path).load(.train, options: folder.options).warnings.isEmpty)
  }

  @Test(arguments: [
    ("emnist-letters-train-images-idx3-ubyte", "emnist-letters-test-images-idx3-ubyte"),
    ("Train-images.idx3-ubyte", "Test-images.idx3-ubyte"),
    ("kmnist-train-images-idx3-ubyte", "kmnist-t10k-images-idx3-ubyte"),
    ("my_train_images", "my_val_images"), ("constraint-train-images-idx3", "constraint-validation-images-idx3"),
    ("a/train-images-idx3-ubyte", "a/t10k-images-idx3-ubyte"),
  ])
  func `the other split is found wherever the word stands`(train: String, test: String) throws {
    let folder = try TemporaryFolder()
    for (name, numbers) in [(train, [1, 2, 3]), (test, [4, 5])] as [(String, [UInt8])] {
      try folder.write(idx([numbers.count, 1, 1], numbers), to: name)
      let labels = name.replacing("images", with: "labels").replacing("idx3", with: "idx1")
      try folder.write(idx([numbers.count], numbers.map { $0 % 3 }), to: labels)
    }
    for given in [train, test] {
      let source = try DataSource(folder.path + "/" + given)
      let (first, second) = (
        try source.load(.train, options: folder.options), try source.load(.test, options: folder.options)
      )
      #expect(first.allBytes == [1, 2, 3] && first.labels == [1, 2, 0])
      #expect(second.allBytes == [4, 5] && second.labels == [1, 2] && second.notices.isEmpty)
    }
  }
}
