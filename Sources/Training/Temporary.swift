import Datasets
import NN

extension Dataset { var isDrawn: Bool { ["digits", "digits-color", "stacked-digits"].contains(name) } }
extension Optimizer {
  var lazyFactor: Double {
    get { 1 }
    set {}
  }
}
