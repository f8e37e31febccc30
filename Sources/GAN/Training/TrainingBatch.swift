/// Images of a turn and, in a game with classes, the class of each.
package struct TrainingBatch {
  package let images: Images
  /// int64 `[N]`.
  package let classes: Tensor?

  package init(_ images: Images, classes: Tensor? = nil) {
    self.images = images
    self.classes = classes
  }

  /// A batch as the loader hands it over.
  package init(_ batch: StoredBatch, withClasses: Bool) {
    let batch = Batch(batch)
    self.init(batch[.images], classes: withClasses ? batch.column(.classes)?.tensor : nil)
  }

  /// The same images, cut off from what made them, as something that gradients can be taken with regard to.
  func asLeaf(_ needsGradient: Bool) -> TrainingBatch {
    TrainingBatch(needsGradient ? images.requiringGradient() : images.detached(), classes: classes)
  }

  /// The images as D sees them.
  func viewed(_ view: View, _ random: RandomGenerator) -> TrainingBatch {
    TrainingBatch(view(images, random), classes: classes)
  }

  /// Both batches as one.
  func followed(by other: TrainingBatch) -> TrainingBatch {
    let both = classes.flatMap { first in other.classes.map { Tensor.concatenated([first, $0]) } }
    return TrainingBatch(Images(.concatenated([images.tensor, other.images.tensor])), classes: both)
  }
}
