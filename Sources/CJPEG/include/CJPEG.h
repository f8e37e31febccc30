#ifndef CJPEG_H
#define CJPEG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// libjpeg-turbo by libjpeg's full interface: TurboJPEG knows fewer subsamplings and takes every warning for an error.
/// No longjmp leaves these functions: each answers NULL or false for an error and writes a sentence without its full
/// stop to `message`, which has `cjpeg_message_size` bytes.
enum {
  cjpeg_message_size = 256,
  /// More scans than any encoder writes. A scan of a few bytes costs a walk through all blocks (the advice of
  /// libjpeg-turbo's report "Two Issues with the JPEG Standard").
  cjpeg_scan_limit = 500,
  /// log₂ of the most pixels times scans: above 17 million pixels fewer scans are allowed, and 32 for 2²⁸.
  cjpeg_log2_work_limit = 33,
};

/// What the segments before the first scan say.
typedef struct {
  uint32_t width;
  uint32_t height;
  /// Bytes in a pixel as `cjpeg_read` gives it: 1 (grey), 3 (red, green, blue), or 4 (cyan, magenta, yellow, black as
  /// they are stored).
  int channels;
} cjpeg_header;

/// A JPEG file of which the header has been read.
typedef struct cjpeg_reader cjpeg_reader;

/// Reads the header of the JPEG file of `count` `bytes`, which must outlive the reader.
cjpeg_reader *cjpeg_open(const uint8_t *bytes, size_t count, cjpeg_header *header, char *message);

/// The body of the APP1 segment number `index` before the first scan, with its size in `count`; NULL when there are no
/// more.
const uint8_t *cjpeg_app1(const cjpeg_reader *reader, int index, size_t *count);

/// The ICC profile in the APP2 segments before the first scan, to be freed with `free`, with its size in `size`; NULL when
/// there is none, or a part of it is missing.
uint8_t *cjpeg_profile(cjpeg_reader *reader, size_t *size);

/// Writes all pixels to `pixels`, row by row, `capacity` = height * width * channels bytes. To be called once.
///
/// Warnings are no errors, as for Pillow, except where the data end before the picture does.
bool cjpeg_read(cjpeg_reader *reader, uint8_t *pixels, size_t capacity, char *message);

void cjpeg_close(cjpeg_reader *reader);

/// The version of libjpeg-turbo that this was compiled for; the library has no function that tells its own.
const char *cjpeg_version(void);

#endif
