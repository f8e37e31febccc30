#ifndef CPNG_H
#define CPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// libpng by its full interface: its simplified one misreads interlaced grey of 16 bits and converts by gAMA
/// (pnggroup/libpng#853). No longjmp leaves these functions: each answers NULL, false or 0 for an error and writes a
/// sentence without its full stop, in UTF-8, to `message`, which has `cpng_message_size` bytes.
enum {
  cpng_message_size = 256,
  /// The largest colour profile that is read, in bytes: deflate shrinks a bomb a thousand times.
  cpng_profile_limit = 1 << 24,
};

/// What the chunks before the image data say.
typedef struct {
  uint32_t width;
  uint32_t height;
  /// Bits of a stored pixel: 1 to 64.
  int bits_per_pixel;
  /// Samples in a pixel as `cpng_read` gives it: 1 (grey), 2 (grey, opacity), 3 (red, green, blue) or 4 (and opacity).
  int channels;
  /// Bits of such a sample: 16 where 16 are stored, else 8.
  int depth;
  /// Whether there can be no colour: grey by the colour type, or by each entry of the palette.
  bool is_grey;
} cpng_header;

/// A PNG file of which the header has been read.
typedef struct cpng_reader cpng_reader;

/// Reads the header of the PNG file of `count` `bytes`, which must outlive the reader. Chunks that no pixel depends on
/// (gamma, colour profiles, texts, ...) are skipped, damaged or not.
cpng_reader *cpng_open(const uint8_t *bytes, size_t count, cpng_header *header, char *message);

/// Writes all pixels to `pixels`, row by row, `capacity` = height * width * channels * depth / 8 bytes: values as they are
/// stored, palettes expanded, fewer than 8 bits repeated to fill 8, 16 bits in the machine's byte order, tRNS as opacity. To
/// be called once.
bool cpng_read(cpng_reader *reader, uint8_t *pixels, size_t capacity, char *message);

void cpng_close(cpng_reader *reader);

/// The ICC profile of the PNG file of `count` `bytes`, to be freed with `free`, with its size in `size`. NULL when there is
/// none, or it is damaged, larger than `cpng_profile_limit`, or of another colour space than the pixels.
uint8_t *cpng_profile(const uint8_t *bytes, size_t count, size_t *size);

/// What is to be written.
typedef struct {
  /// `height` rows of `width` pixels of `channels` samples of `depth` bits.
  const uint8_t *pixels;
  uint32_t width;
  uint32_t height;
  /// 1 (grey), 2 (grey, opacity), 3 (red, green, blue) or 4 (and opacity).
  int channels;
  /// 8, or 16 in the machine's byte order.
  int depth;
  /// An ICC profile, which is left out if libpng finds mistakes in it; NULL says that the colours are sRGB.
  const uint8_t *profile;
  size_t profile_size;
  /// What the text chunk "Software" says.
  const char *software;
} cpng_picture;

/// Makes a PNG file. Answers its bytes, to be freed with `free`, and their number in `count`.
uint8_t *cpng_write(const cpng_picture *picture, size_t *count, char *message);

/// The version of the libpng that is loaded.
const char *cpng_version(void);

#endif
