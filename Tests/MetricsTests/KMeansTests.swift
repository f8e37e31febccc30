import Datasets
import Metrics
import Testing
import Torch

@Suite struct KMeansTests {
  /// Forty points around each of four places in the plane, one after the other.
  private func places() -> (rows: Tensor, truth: [Int]) {
    var random = CounterRandom(seed: 3, stream: 0, index: 0)
    var numbers: [Float] = []
    var truth: [Int] = []
    for index in 0..<160 {
      let place = index % 4
      let (x, y): (Float, Float) = [(0, 0), (9, 0), (0, 9), (9, 9)][place]
      numbers += [x + random.bell(), y + random.bell()]
      truth.append(place)
    }
    return (Tensor(numbers, shape: [160, 2]), truth)
  }

  @Test func placesThatLieApartAreFound() throws {
    let (rows, truth) = places()
    let found = try KMeans(rows, count: 4, seed: 1)
    let clusters = found.clusters.array(of: Int.self)
    for place in 0..<4 { #expect(Set(truth.indices.filter { truth[$0] == place }.map { clusters[$0] }).count == 1) }
    #expect(Set(clusters).count == 4)
    // A fixed point of Lloyd's iterations: each centre is the mean of its rows, and each row belongs to the nearest one.
    let centres = found.centres.array(of: Float.self)
    let numbers = rows.array(of: Float.self)
    for cluster in 0..<4 {
      let members = clusters.indices.filter { clusters[$0] == cluster }
      for axis in 0..<2 {
        let mean = members.reduce(0) { $0 + Double(numbers[2 * $1 + axis]) } / Double(members.count)
        #expect(abs(mean - Double(centres[2 * cluster + axis])) < 1e-4)
      }
    }
    let inertia = clusters.enumerated().reduce(0.0) { sum, pair in
      sum
        + (0..<2).reduce(0) { part, axis in
          let distance = Double(numbers[2 * pair.offset + axis] - centres[2 * pair.element + axis])
          return part + distance * distance
        }
    }
    #expect(abs(found.inertia - inertia) < 1e-3 * inertia)
    #expect(found.nearest(to: rows).isIdentical(to: found.clusters))
  }

  @Test func theSeedDecides() throws {
    let rows = waves([300, 5])
    let runs = try [1, 1, 2].map { try KMeans(rows, count: 12, seed: $0, tries: 1).clusters }
    #expect(runs[0].isIdentical(to: runs[1]) && !runs[0].isIdentical(to: runs[2]))
  }

  /// Rows that are all alike leave clusters empty, and as many clusters as rows leave each one alone.
  @Test func emptyClustersAndSingleRows() throws {
    let alike = try KMeans(.ones([20, 3]), count: 4, seed: 1)
    #expect(alike.inertia == 0 && Set(alike.clusters.array(of: Int.self)).count == 1)
    let single = try KMeans(waves([6, 2]), count: 6, seed: 1)
    #expect(Set(single.clusters.array(of: Int.self)).count == 6 && single.inertia < 1e-6)
  }

  @Test func moreClustersThanRowsAreRefused() {
    let error = #expect(throws: MetricError.self) { try KMeans(.ones([3, 2]), count: 4, seed: 1) }
    #expect(error?.description == "3 samples cannot be divided into 4 clusters")
    #expect(throws: MetricError.self) { try KMeans(Tensor([Float.nan, 1], shape: [2, 1]), count: 1, seed: 1) }
  }
}
