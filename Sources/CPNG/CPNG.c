#include "CPNG.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct cpng_reader {
  png_structp png;
  png_infop info;
  const uint8_t *next;
  size_t left;
  cpng_header header;
  bool ended_early;
  bool transparency_is_damaged;
  /// Where the call that is under way wants its sentence.
  char *message;
};

static void say(char *message, const char *form, const char *detail) {
  snprintf(message, cpng_message_size, form, detail);
}

static void fail_reading(png_structp png, png_const_charp text) {
  cpng_reader *reader = png_get_error_ptr(png);
  if (reader->ended_early) {
    say(reader->message, "truncated PNG: the file ends before the picture is complete%s", "");
  } else {
    say(reader->message, "damaged PNG: %s", text);
  }
  png_longjmp(png, 1);
}

/// A warning is no damage: libpng repairs or skips what it warns of. Only a tRNS that it discards changes pixels.
static void warn_reading(png_structp png, png_const_charp text) {
  cpng_reader *reader = png_get_error_ptr(png);
  if (strncmp(text, "tRNS: CRC", 9) == 0) reader->transparency_is_damaged = true;
}

static void read_bytes(png_structp png, png_bytep target, size_t count) {
  cpng_reader *reader = png_get_io_ptr(png);
  if (count > reader->left) {
    reader->ended_early = true;
    png_error(png, "the file ends");
  }
  memcpy(target, reader->next, count);
  reader->next += count;
  reader->left -= count;
}

static bool palette_is_grey(png_structp png, png_infop info) {
  png_colorp palette = NULL;
  int count = 0;
  if (!png_get_PLTE(png, info, &palette, &count)) return false;
  for (int index = 0; index < count; index++) {
    if (palette[index].red != palette[index].green || palette[index].red != palette[index].blue) return false;
  }
  return true;
}

/// In a function of its own, so that no variable of it lives across setjmp.
static void read_header(cpng_reader *reader, bool with_profile) {
  png_structp png = reader->png;
  png_infop info = reader->info;
  png_set_read_fn(png, reader, read_bytes);
  // The caller has limits of its own.
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  // All ancillary chunks but tRNS: values stay as stored, and a compressed text or profile cannot be a bomb.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  if (with_profile) {
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_AS_DEFAULT, (png_const_bytep)"iCCP", 1);
    png_set_chunk_malloc_max(png, cpng_profile_limit);
  }
  png_read_info(png, info);
  if (reader->transparency_is_damaged) png_error(png, "tRNS: CRC error");
  int type = png_get_color_type(png, info);
  bool transparent = (type & PNG_COLOR_MASK_ALPHA) != 0 || png_get_valid(png, info, PNG_INFO_tRNS) != 0;
  reader->header = (cpng_header){
      .width = png_get_image_width(png, info),
      .height = png_get_image_height(png, info),
      .bits_per_pixel = png_get_bit_depth(png, info) * png_get_channels(png, info),
      .channels = ((type & PNG_COLOR_MASK_COLOR) != 0 ? 3 : 1) + (transparent ? 1 : 0),
      .depth = png_get_bit_depth(png, info) == 16 ? 16 : 8,
      .is_grey = type == PNG_COLOR_TYPE_PALETTE ? palette_is_grey(png, info) : (type & PNG_COLOR_MASK_COLOR) == 0,
  };
}

static cpng_reader *open_reader(const uint8_t *bytes, size_t count, bool with_profile, char *message) {
  if (bytes == NULL || count < 8 || png_sig_cmp(bytes, 0, 8) != 0) {
    say(message, "this is no readable PNG%s", "");
    return NULL;
  }
  cpng_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) {
    say(message, "there is no memory to decode the picture in%s", "");
    return NULL;
  }
  reader->next = bytes;
  reader->left = count;
  reader->message = message;
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader, fail_reading, warn_reading);
  reader->info = reader->png ? png_create_info_struct(reader->png) : NULL;
  if (reader->info == NULL) {
    say(message, "libpng cannot start%s", "");
    cpng_close(reader);
    return NULL;
  }
  if (setjmp(png_jmpbuf(reader->png)) != 0) {
    cpng_close(reader);
    return NULL;
  }
  read_header(reader, with_profile);
  return reader;
}

cpng_reader *cpng_open(const uint8_t *bytes, size_t count, cpng_header *header, char *message) {
  cpng_reader *reader = open_reader(bytes, count, false, message);
  if (reader != NULL) *header = reader->header;
  return reader;
}

uint8_t *cpng_profile(const uint8_t *bytes, size_t count, size_t *size) {
  char message[cpng_message_size];
  cpng_reader *reader = open_reader(bytes, count, true, message);
  if (reader == NULL) return NULL;
  png_charp name = NULL;
  png_bytep profile = NULL;
  png_uint_32 length = 0;
  int compression = 0;
  uint8_t *copy = NULL;
  // Looks at what has been read: no error can leave it.
  if (png_get_iCCP(reader->png, reader->info, &name, &compression, &profile, &length) != 0) copy = malloc(length);
  if (copy != NULL) {
    memcpy(copy, profile, length);
    *size = length;
  }
  cpng_close(reader);
  return copy;
}

/// Samples of 16 bits in the machine's byte order; files have the most significant byte first.
static void keep_byte_order(png_structp png) {
  const uint16_t one = 1;
  if (*(const uint8_t *)&one == 1) png_set_swap(png);
}

/// In a function of its own, so that no variable of it lives across setjmp.
static void read_rows(cpng_reader *reader, uint8_t *pixels, size_t capacity) {
  png_structp png = reader->png;
  png_set_expand(png);
  keep_byte_order(png);
  int passes = png_set_interlace_handling(png);
  png_read_update_info(png, reader->info);
  size_t row = png_get_rowbytes(png, reader->info);
  size_t height = reader->header.height;
  // libpng may come to another layout than `header` promises only by a mistake here; writing on would corrupt memory.
  size_t pixel = (size_t)reader->header.channels * (size_t)reader->header.depth / 8;
  if (row != reader->header.width * pixel || row == 0 || capacity / row != height || capacity % row != 0) {
    png_error(png, "rows have another size than was announced");
  }
  for (int pass = 0; pass < passes; pass++) {
    for (size_t y = 0; y < height; y++) png_read_row(png, pixels + y * row, NULL);
  }
}

bool cpng_read(cpng_reader *reader, uint8_t *pixels, size_t capacity, char *message) {
  reader->message = message;
  if (setjmp(png_jmpbuf(reader->png)) != 0) return false;
  read_rows(reader, pixels, capacity);
  return true;
}

void cpng_close(cpng_reader *reader) {
  if (reader->png) png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader);
}

struct writer {
  uint8_t *bytes;
  size_t count;
  size_t capacity;
  char *message;
};

static void fail_writing(png_structp png, png_const_charp text) {
  struct writer *writer = png_get_error_ptr(png);
  say(writer->message, "the picture cannot be written as PNG: %s", text);
  png_longjmp(png, 1);
}

static void warn_writing(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

static void write_bytes(png_structp png, png_bytep source, size_t count) {
  struct writer *writer = png_get_io_ptr(png);
  if (count > writer->capacity - writer->count) {
    size_t capacity = (writer->count + count) * 2;
    uint8_t *bytes = realloc(writer->bytes, capacity);
    if (bytes == NULL) png_error(png, "no memory is left");
    writer->bytes = bytes;
    writer->capacity = capacity;
  }
  memcpy(writer->bytes + writer->count, source, count);
  writer->count += count;
}

static void flush_nothing(png_structp png) { (void)png; }

static const int color_types[] = {
    [1] = PNG_COLOR_TYPE_GRAY,
    [2] = PNG_COLOR_TYPE_GRAY_ALPHA,
    [3] = PNG_COLOR_TYPE_RGB,
    [4] = PNG_COLOR_TYPE_RGB_ALPHA,
};

static void write_picture(png_structp png, png_infop info, const cpng_picture *picture) {
  png_set_IHDR(png, info, picture->width, picture->height, picture->depth, color_types[picture->channels],
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (picture->profile != NULL) {
    // A profile with mistakes is a warning, and left out.
    png_set_benign_errors(png, 1);
    png_set_iCCP(png, info, "ICC profile", PNG_COMPRESSION_TYPE_BASE, picture->profile,
                 (png_uint_32)picture->profile_size);
    png_set_benign_errors(png, 0);
  } else {
    png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
  }
  // libpng copies both texts, and writes them before the pixels.
  png_text text = {.compression = PNG_TEXT_COMPRESSION_NONE, .key = (char *)"Software", .text = (char *)picture->software};
  png_set_text(png, info, &text, 1);
  png_write_info(png, info);
  if (picture->depth == 16) keep_byte_order(png);
  size_t row = (size_t)picture->width * (size_t)picture->channels * (size_t)picture->depth / 8;
  for (size_t y = 0; y < picture->height; y++) png_write_row(png, picture->pixels + y * row);
  png_write_end(png, NULL);
}

uint8_t *cpng_write(const cpng_picture *picture, size_t *count, char *message) {
  struct writer *writer = calloc(1, sizeof *writer);
  if (writer == NULL) {
    say(message, "there is no memory to write the picture in%s", "");
    return NULL;
  }
  writer->message = message;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, writer, fail_writing, warn_writing);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  uint8_t *bytes = NULL;
  if (info == NULL) {
    say(message, "libpng cannot start%s", "");
  } else if (setjmp(png_jmpbuf(png)) != 0) {
    free(writer->bytes);
  } else {
    png_set_write_fn(png, writer, write_bytes, flush_nothing);
    write_picture(png, info, picture);
    *count = writer->count;
    // Assigned after setjmp and read after no longjmp.
    bytes = writer->bytes;
  }
  png_destroy_write_struct(&png, &info);
  free(writer);
  return bytes;
}

const char *cpng_version(void) { return png_get_libpng_ver(NULL); }
