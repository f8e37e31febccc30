import Files
import Pictures
import RunLog

extension RunDirectory {
  /// Writes `picture` as the preview of `step` and as the newest one, as a trainer does.
  func writeSample(_ picture: Picture, step: Int) throws -> String {
    for path in [sample(step: step), newestSample] { try picture.write(to: path) }
    return sample(step: step)
  }
}
