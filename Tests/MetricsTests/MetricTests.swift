import Metrics
import Testing

@Suite struct MetricTests {
  @Test func peopleTypeTheFieldsNames() {
    #expect(Metric(rawValue: "fid") == .fid)
    #expect(Metric(rawValue: "is") == .inceptionScore)
  }
}
