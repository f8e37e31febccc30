/// How the convolutional networks of image translation change the size of their maps.
public enum MapSampling: String, Sendable, CaseIterable {
  /// By convolutions of stride 2 and transposed ones (pix2pix, CycleGAN).
  case strided
  /// By ``BlurResampling`` beside convolutions of stride 1 (CUT).
  case antialiased
}
