import Foundation
import GAN
import Testing

@Suite struct MetricGoalTests {
  @Test(arguments: [
    ("fid<12", "fid<12"), ("fid < 12", "fid<12"), ("fid<=0.5 and recall>0.25", "fid<=0.5 and recall>0.25"),
    ("modes>=8 AND spread<1.5 and spread>0.5", "modes>=8 and spread<1.5 and spread>0.5"),
  ])
  func goalsAreReadAsPeopleWriteThem(text: String, plain: String) throws {
    let goal = try MetricGoal(text)
    #expect(goal.description == plain)
    #expect(try MetricGoal(plain) == goal)
  }

  @Test func allConditionsMustHold() throws {
    let goal = try MetricGoal("fid<12 and recall>=0.5")
    #expect(goal.isMet(by: ["fid": 11.9, "recall": 0.5]))
    #expect(!goal.isMet(by: ["fid": 12, "recall": 0.5]))
    #expect(!goal.isMet(by: ["fid": 11.9, "recall": 0.49]))
    #expect(!goal.isMet(by: ["fid": 11.9]))
    #expect(!goal.isMet(by: ["fid": .nan, "recall": 0.6]))
    #expect(!goal.isMet(by: [:]))
  }

  @Test(arguments: [
    ("fib<12", "did you mean 'fid'?"), ("fid", "'fid' is not a condition"), ("fid<", "lacks a number"),
    ("fid<twelve", "lacks a number"), ("fid<inf", "lacks a number"), ("", "a goal is empty"),
    ("fid<12 and", "'' is not a condition"), ("fid>12", "write fid<12"), ("recall<0.5", "write recall>0.5"),
    ("fid=12", "is not a condition"),
  ])
  func whatIsNoGoalIsRefusedWithWhatWouldBeRight(text: String, part: String) {
    let error = #expect(throws: TrainingError.self) { try MetricGoal(text) }
    #expect(error?.description.contains(part) == true, "\(String(describing: error))")
  }

  @Test func aGoalIsOneTextInAFile() throws {
    let limits = Limits(steps: 5, goal: try MetricGoal("fid<12 and recall>0.5"), patience: 3)
    let text = String(decoding: try JSONEncoder().encode(limits), as: UTF8.self)
    #expect(text.contains(#""goal":"fid<12 and recall>0.5""#))
    #expect(try JSONDecoder().decode(Limits.self, from: Data(text.utf8)) == limits)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Limits.self, from: Data(#"{"goal":"fib<12"}"#.utf8))
    }
  }

  @Test(arguments: ["fid,kid", "fid, kid"]) func listsOfMetrics(text: String) throws {
    #expect(try Metric.list(text) == [.fid, .kid])
  }

  @Test(arguments: ["", "fid,", "fid,fid", "fid,kind"]) func listsThatAreNone(text: String) {
    #expect(throws: TrainingError.self) { try Metric.list(text) }
  }
}
