import Foundation

/// The batches that are ready, between the thread that gathers and the one that trains.
///
/// Everything mutable is touched under `condition` alone, except `gatherer`, which belongs to the gathering thread.
final class BatchQueue: @unchecked Sendable {
  private let condition = NSCondition()
  private let capacity: Int
  private var gatherer: BatchGatherer
  private var ready: [Result<StoredBatch, any Error>] = []
  private var nextNumber: Int
  /// Counts restarts: a batch that was being gathered when one came is thrown away.
  private var restarts = 0
  private var closed = false

  init(_ gatherer: BatchGatherer, first: Int, capacity: Int) {
    self.gatherer = gatherer
    self.capacity = capacity
    nextNumber = first
  }

  /// Gathers batches until the queue is closed; waits while enough are ready.
  func fill() {
    condition.lock()
    while !closed {
      guard ready.count < capacity else {
        condition.wait()
        continue
      }
      let (number, restartsBefore) = (nextNumber, restarts)
      condition.unlock()
      let result = Result { try gatherer.batch(number) }
      condition.lock()
      guard restarts == restartsBefore else { continue }
      ready.append(result)
      nextNumber = number + 1
      condition.broadcast()
    }
    condition.unlock()
  }

  /// The first batch that is ready; waits for it.
  func take() throws -> StoredBatch {
    condition.lock()
    defer { condition.unlock() }
    while ready.isEmpty { condition.wait() }
    condition.broadcast()
    return try ready.removeFirst().get()
  }

  /// Discards what is ready and continues with `number`.
  func restart(at number: Int) {
    condition.lock()
    defer { condition.unlock() }
    ready.removeAll()
    restarts += 1
    nextNumber = number
    condition.broadcast()
  }

  /// Ends ``fill()``.
  func close() {
    condition.lock()
    defer { condition.unlock() }
    closed = true
    condition.broadcast()
  }
}
