import Datasets
import Foundation
import Pictures
import Samples
import Testing
import Torch

/// Stored rows become tensors, and tensors stored rows.
struct DomainTests {
  @Test(arguments: [1, 2, 3]) func `every byte survives the way to a tensor and back`(channels: Int) throws {
    let shape = SampleShape(channels: channels, height: 16, width: 32)
    let domain = PictureDomain(shape)
    let pixels = (0..<(2 * shape.elementCount)).map { UInt8(truncatingIfNeeded: 7 &* $0) }
    let values = domain.tensor(.pictures(pixels, shape))
    #expect(values.shape == [2, channels, 16, 32] && values.dtype == .float32)
    // Channels are neighbours in memory, and a byte b is 2 b / 255 - 1.
    #expect(values.strides == [shape.elementCount, 1, 32 * channels, channels])
    let first = values[0].permuted(1, 2, 0).array(of: Float.self)
    for (index, value) in first.enumerated() { #expect(abs(value - (Float(pixels[index]) * 2 / 255 - 1)) < 1e-6) }
    #expect(domain.stored(values).withUnsafeBytes { Array($0) } == pixels)
    // What a file holds is rounded to itself.
    #expect(domain.rounded(values).array(of: Float.self) == values.array(of: Float.self))
  }

  @Test func `generated pictures are rounded to what files hold, and cut off`() throws {
    let domain = PictureDomain(SampleShape(channels: 1, height: 1, width: 7))
    let values = Tensor([-1.5, -1, -0.001, 0.001, 0.5, 1, 2] as [Float], shape: [1, 1, 1, 7])
    let stored = domain.stored(values)
    #expect(stored.withUnsafeBytes { Array($0) } == [0, 0, 127, 128, 191, 255, 255])
    let back = stored.withUnsafeBytes { domain.tensor($0, count: 1) }
    #expect(domain.rounded(values).array(of: Float.self) == back.array(of: Float.self))
  }

  @Test func `pictures of floats stay floats`() throws {
    let shape = SampleShape(channels: 3, height: 2, width: 1)
    let domain = PictureDomain(.pictures(shape, .float32))
    let pixels: [Float] = [-1, -0.3, 0.1, 0.2, 0.7, 1]
    let values = domain.tensor(.pictures(pixels, shape))
    #expect(values.shape == [1, 3, 2, 1])
    #expect(domain.stored(values).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) } == pixels)
    #expect(domain.rounded(values * 2).array(of: Float.self).max() == 1)
  }

  @Test func `points, classes and numbers go both ways`() throws {
    let points = PointDomain()
    let coordinates: [Float] = [0.25, -1, 0.5, 0.125]
    let plane = points.tensor(.points(coordinates))
    #expect(plane.shape == [2, 2, 1, 1] && points.points(plane) == [[0.25, -1], [0.5, 0.125]])
    #expect(points.stored(plane).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) } == coordinates)
    #expect(points.rounded(plane).array(of: Float.self) == coordinates)
    let labels = LabelDomain()
    let classes = labels.tensor(.labels([3, 0, 1]))
    #expect(classes.dtype == .int64 && classes.array(of: Int.self) == [3, 0, 1])
    #expect(labels.stored(classes).withUnsafeBytes { Array($0.bindMemory(to: Int32.self)) } == [3, 0, 1])
    let format = ColumnFormat(ColumnFormat.Kind(rawValue: "tokens"), .int32, shape: [3])
    let column = StoredColumn("tokens", format, bytes: AlignedBytes(copying: [Int32](1...6)))
    let tokens = format.domain.tensor(column)
    #expect(tokens.shape == [2, 3] && tokens.dtype == .int64 && tokens.array(of: Int.self) == [1, 2, 3, 4, 5, 6])
    let back = format.domain.column("tokens", tokens)
    #expect(back.withUnsafeBytes { Array($0.bindMemory(to: Int32.self)) } == [Int32](1...6))
  }

  @Test func `a batch has every column as its domain has it, by name and type`() throws {
    let shape = SampleShape(channels: 1, height: 1, width: 1)
    let data = try Dataset(
      name: "a",
      columns: [
        .pictures([0, 255] as [UInt8], shape), .pictures([255, 0] as [UInt8], shape, name: "target"), .labels([1, 0]),
      ])
    let stored = try BatchLoader(data, batchSize: 2, seed: 1).next()
    let batch = Batch(stored)
    #expect(batch.count == 2 && batch.names == ["images", "target", "classes"])
    let images = batch[.images].tensor.array(of: Float.self)
    #expect(batch[.target].tensor.array(of: Float.self) == images.map { -$0 })
    #expect(batch.column(.classes)?.tensor.array(of: Int.self) == images.map { $0 < 0 ? 1 : 0 })
    #expect(batch.column(.latents) == nil)
  }

  /// A program's own kind of data, here angles that files keep in degrees.
  private struct AngleDomain: Domain {
    let format: ColumnFormat
    let previewCount = 3

    func tensor(_ stored: UnsafeRawBufferPointer, count: Int, on device: Device) -> Tensor {
      Tensor(bytes: stored, shape: [count], dtype: .float32, device: device) * (Double.pi / 180)
    }

    func stored(_ values: Tensor) -> AlignedBytes {
      AlignedBytes(copying: (values * (180 / Double.pi)).rounded().array(of: Float.self))
    }

    func preview(_ values: Tensor, over data: Tensor?, columns: Int?) -> Preview {
      .text(values.array(of: Float.self).map { "\($0) rad" })
    }
  }

  @Test func `a kind of one's own has a domain of one's own`() throws {
    let kind = ColumnFormat.Kind(rawValue: "angle")
    let domains = Domains.builtIn.adding(kind) { AngleDomain(format: $0) }
    let column = StoredColumn(
      "turn", ColumnFormat(kind, .float32, shape: []), bytes: AlignedBytes(copying: [180, 90] as [Float]))
    let stored = try BatchLoader(Dataset(name: "a", columns: [column]), batchSize: 2, seed: 1).next()
    let turns = try #require(Batch(stored, domains: domains)["turn"]).array(of: Float.self)
    #expect(Set(turns.map { ($0 * 100).rounded() }) == [157, 314])
    #expect(Batch(stored)["turn"].map { Set($0.array(of: Float.self)) } == [180, 90])
    // Rounding goes through the stored form: whole degrees.
    let rounded = domains[column.format].rounded(Tensor([0.0174, 0.03] as [Float]))
    #expect(rounded.array(of: Float.self).map { ($0 * 180 / .pi).rounded() } == [1, 2])
    #expect(domains[.points] is PointDomain)
  }
}

/// What people see of rows.
struct PreviewTests {
  @Test func `pictures are a grid and points are scattered over the data`() throws {
    let shape = SampleShape(channels: 1, height: 4, width: 4)
    let values = PictureDomain(shape).tensor(.pictures([UInt8](repeating: 200, count: 6 * 16), shape))
    let grid = try PictureDomain(shape).preview(values, over: nil, columns: 2)
    let pictures = try PictureDomain(shape).pictures(values)
    #expect(grid.content == .picture(PictureGrid.picture(of: pictures, columns: 2)) && grid.fileExtension == "png")
    #expect(pictures.count == 6 && pictures.pixels.allSatisfy { $0 == 200 })
    let (a, b) = (PointDomain().tensor(.points([0.5, 0.5])), PointDomain().tensor(.points([-0.5, 0.5])))
    #expect(
      PointDomain().preview(a, over: b, columns: nil).content
        == .picture(ScatterPlot.picture(data: [[-0.5, 0.5]], generated: [[0.5, 0.5]])))
  }

  @Test func `pictures of two channels show their first`() throws {
    let shape = SampleShape(channels: 2, height: 1, width: 2)
    let values = PictureDomain(shape).tensor(.pictures([1, 2, 3, 4] as [UInt8], shape))
    let pictures = try PictureDomain(shape).pictures(values)
    #expect(pictures.channels == 1 && pictures.pixels == [1, 3])
  }

  @Test func `classes and numbers are lines, which a file keeps`() throws {
    let labels = LabelDomain(.labels(names: ["cat", "dog"]))
    let preview = labels.preview(Tensor([1, 0, 1] as [Int64]), over: nil, columns: nil)
    #expect(preview == .text(["dog", "cat", "dog"]) && preview.fileExtension == "txt")
    let numbers = NumberDomain(ColumnFormat(ColumnFormat.Kind(rawValue: "tokens"), .int32, shape: [2]))
    #expect(
      numbers.preview(Tensor([1, 2, 3, 4] as [Int64], shape: [2, 2]), over: nil, columns: nil)
        == .text(["1 2", "3 4"]))
    let path = FileManager.default.temporaryDirectory.path + "/swift-gan-preview-" + UUID().uuidString + ".txt"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try preview.write(to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "dog\ncat\ndog\n")
  }

  @Test func `a data set previews its first samples`() throws {
    let shape = SampleShape(channels: 1, height: 1, width: 1)
    let pictures = try Dataset(name: "a", columns: [.pictures([UInt8](0..<100), shape)])
    let shown = try PictureBatch(count: 64, height: 1, width: 1, channels: 1, pixels: [UInt8](0..<64))
    #expect(try pictures.preview() == .grid(shown))
    let points = try Dataset(name: "a", columns: [.points([0.5, 0.5, 0, 0])])
    #expect(try points.preview(1) == .scatter(data: [[0.5, 0.5]], generated: []))
    #expect(
      try pictures.samples(at: [7, 3]).array(of: Float.self) == pictures.samples(7..<8).array(of: Float.self)
        + pictures.samples(3..<4).array(of: Float.self))
  }
}
