import Testing
import Torch

@Suite struct OperationTests {
  @Test func findsAnOperatorAndChecksItsSchema() throws {
    let add = try Operation(finding: "aten::add", "Tensor")
    #expect(add.schema.hasPrefix("aten::add.Tensor(Tensor self, Tensor other"))
    #expect(add(.tensor(Tensor([1.0, 2])), .tensor(Tensor([3.0, 4]))).array(of: Double.self) == [4, 6])
  }

  @Test func anUnknownOperatorIsAnError() {
    #expect { try Operation(finding: "aten::no_such_operator") } throws: { "\($0)".contains("no_such_operator") }
  }

  @Test func anArgumentOfTheWrongTypeNamesTheArgumentAndWhatItTakes() throws {
    let add = try Operation(finding: "aten::add", "Tensor")
    #expect {
      try add.invoke([.tensor(Tensor([1.0])), .ints([1])])
    } throws: {
      "\($0)".contains("'other', takes Tensor")
    }
  }

  @Test func aMissingArgumentIsNamed() throws {
    let add = try Operation(finding: "aten::add", "Tensor")
    #expect { try add.invoke([.tensor(Tensor([1.0]))]) } throws: { "\($0)".contains("'other' is missing") }
  }

  @Test func operatorsReturnListsAndSeveralTensors() throws {
    let split = try Operation(finding: "aten::split", "Tensor")
    let parts = split.all(.tensor(Tensor.range(6)), .int(2))
    #expect(parts.map { $0.array(of: Int.self) } == [[0, 1], [2, 3], [4, 5]])
  }
}

@Suite struct ErrorScopeTests {
  @Test func theFirstFailureIsThrownWithBothShapes() {
    let (a, b) = (Tensor.zeros([2, 3]), Tensor.zeros([4, 5]))
    #expect {
      try withTorchErrors {
        let sum = a + b
        #expect(!sum.isDefined)
        _ = (sum * 2).mean()
      }
    } throws: {
      "\($0)".contains("[2, 3]") && "\($0)".contains("[4, 5]")
    }
  }

  @Test func aScopeWithoutFailureReturnsItsResult() throws {
    #expect(try withTorchErrors { (Tensor([1.0]) + 1).item } == 2)
  }

  @Test func scopesNest() throws {
    let value = try withTorchErrors {
      #expect(throws: TorchError.self) { try withTorchErrors { _ = Tensor.zeros([2]) + Tensor.zeros([3]) } }
      return 1
    }
    #expect(value == 1)
  }

  @Test func memoryThatCannotBeHadIsNamedAsSuch() {
    #expect {
      try withTorchErrors { _ = Tensor.empty([1 << 46]) }
    } throws: {
      ($0 as? TorchError)?.kind == .outOfMemory
    }
  }

  @Test func sizesOfUndefinedTensorsDoNotTrapInAScope() {
    #expect(throws: TorchError.self) { try withTorchErrors { _ = Tensor.undefined.size(1) } }
  }
}
