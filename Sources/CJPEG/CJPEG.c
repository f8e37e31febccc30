#include "CJPEG.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

struct cjpeg_reader {
  struct jpeg_decompress_struct decoder;
  struct jpeg_error_mgr errors;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  jmp_buf failure;
  cjpeg_header header;
  int scan_limit;
  /// Where the call that is under way wants its sentence.
  char *message;
};

static void say(char *message, const char *form, const char *detail) {
  snprintf(message, cjpeg_message_size, form, detail);
}

static _Noreturn void fail(cjpeg_reader *reader, const char *form, const char *detail) {
  say(reader->message, form, detail);
  longjmp(reader->failure, 1);
}

static _Noreturn void fail_as_truncated(cjpeg_reader *reader) {
  fail(reader, "truncated JPEG: the data end before the picture is complete%s", "");
}

/// Whether `code` means a kind of JPEG that the library cannot decode rather than a damaged one.
static bool is_unsupported(int code) {
  switch (code) {
  case JERR_ARITH_NOTIMPL:
  case JERR_BAD_PRECISION:
  case JERR_CCIR601_NOTIMPL:
  case JERR_CONVERSION_NOTIMPL:
  case JERR_FRACT_SAMPLE_NOTIMPL:
  case JERR_NOT_COMPILED:
  case JERR_SOF_UNSUPPORTED:
    return true;
  default:
    return false;
  }
}

static void error_exit(j_common_ptr common) {
  char text[JMSG_LENGTH_MAX];
  common->err->format_message(common, text);
  const char *form = is_unsupported(common->err->msg_code) ? "this kind of JPEG cannot be decoded: %s" : "damaged JPEG: %s";
  fail(common->client_data, form, text);
}

/// A warning is no damage, except where a scan runs into the end of the image.
static void emit_message(j_common_ptr common, int level) {
  if (level >= 0) return;
  common->err->num_warnings++;
  cjpeg_reader *reader = common->client_data;
  if (common->err->msg_code == JWRN_HIT_MARKER && reader->decoder.unread_marker == JPEG_EOI) fail_as_truncated(reader);
}

static void output_nothing(j_common_ptr common) { (void)common; }

static void start_source(j_decompress_ptr decoder) { (void)decoder; }

static boolean fill_input_buffer(j_decompress_ptr decoder) {
  fail_as_truncated(decoder->client_data);
  return FALSE;
}

static void skip_input_data(j_decompress_ptr decoder, long count) {
  if (count <= 0) return;
  struct jpeg_source_mgr *source = decoder->src;
  if ((size_t)count > source->bytes_in_buffer) fail_as_truncated(decoder->client_data);
  source->next_input_byte += count;
  source->bytes_in_buffer -= (size_t)count;
}

static void end_source(j_decompress_ptr decoder) { (void)decoder; }

static void watch_scans(j_common_ptr common) {
  cjpeg_reader *reader = common->client_data;
  if (reader->decoder.input_scan_number <= reader->scan_limit) return;
  char limit[16];
  snprintf(limit, sizeof limit, "%d", reader->scan_limit);
  fail(reader, "the JPEG has more than %s scans, the most that are read at its size", limit);
}

static void read_header(cjpeg_reader *reader, const uint8_t *bytes, size_t count) {
  struct jpeg_decompress_struct *decoder = &reader->decoder;
  jpeg_create_decompress(decoder);
  // After jpeg_create_decompress, which clears everything but `err` and `client_data`.
  reader->source = (struct jpeg_source_mgr){
      .next_input_byte = bytes,
      .bytes_in_buffer = count,
      .init_source = start_source,
      .fill_input_buffer = fill_input_buffer,
      .skip_input_data = skip_input_data,
      .resync_to_restart = jpeg_resync_to_restart,
      .term_source = end_source,
  };
  decoder->src = &reader->source;
  reader->progress.progress_monitor = watch_scans;
  decoder->progress = &reader->progress;
  jpeg_save_markers(decoder, JPEG_APP0 + 1, 0xffff);
  jpeg_save_markers(decoder, JPEG_APP0 + 2, 0xffff);
  jpeg_read_header(decoder, TRUE);
  reader->header = (cjpeg_header){decoder->image_width, decoder->image_height, decoder->num_components};
  switch (decoder->num_components) {
  case 1:
    decoder->out_color_space = JCS_GRAYSCALE;
    break;
  case 3:
    decoder->out_color_space = JCS_RGB;
    break;
  case 4:
    decoder->out_color_space = JCS_CMYK;
    break;
  default: {
    char number[16];
    snprintf(number, sizeof number, "%d", decoder->num_components);
    fail(reader, "this kind of JPEG cannot be decoded: it has %s components, not 1, 3 or 4", number);
  }
  }
  // What Pillow decodes with, and libjpeg's defaults.
  decoder->dct_method = JDCT_ISLOW;
  decoder->do_fancy_upsampling = TRUE;
  unsigned long long pixels = (unsigned long long)decoder->image_width * decoder->image_height;
  unsigned long long scans = pixels == 0 ? 0 : (1ULL << cjpeg_log2_work_limit) / pixels;
  reader->scan_limit = scans < cjpeg_scan_limit ? (int)scans : cjpeg_scan_limit;
}

cjpeg_reader *cjpeg_open(const uint8_t *bytes, size_t count, cjpeg_header *header, char *message) {
  if (bytes == NULL || count == 0) {
    say(message, "the file is empty%s", "");
    return NULL;
  }
  cjpeg_reader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) {
    say(message, "there is no memory to decode the picture in%s", "");
    return NULL;
  }
  reader->message = message;
  reader->decoder.err = jpeg_std_error(&reader->errors);
  reader->decoder.client_data = reader;
  reader->errors.error_exit = error_exit;
  reader->errors.emit_message = emit_message;
  reader->errors.output_message = output_nothing;
  if (setjmp(reader->failure) != 0) {
    cjpeg_close(reader);
    return NULL;
  }
  read_header(reader, bytes, count);
  *header = reader->header;
  return reader;
}

const uint8_t *cjpeg_app1(const cjpeg_reader *reader, int index, size_t *count) {
  jpeg_saved_marker_ptr marker = reader->decoder.marker_list;
  for (; marker != NULL; marker = marker->next) {
    if (marker->marker == JPEG_APP0 + 1 && index-- == 0) {
      *count = marker->data_length;
      return marker->data;
    }
  }
  return NULL;
}

uint8_t *cjpeg_profile(cjpeg_reader *reader, size_t *size) {
  char message[cjpeg_message_size];
  reader->message = message;
  if (setjmp(reader->failure) != 0) return NULL;
  JOCTET *profile = NULL;
  unsigned int length = 0;
  if (!jpeg_read_icc_profile(&reader->decoder, &profile, &length)) return NULL;
  *size = length;
  return profile;
}

/// In a function of its own, so that no variable of it lives across setjmp.
static void read_rows(cjpeg_reader *reader, uint8_t *pixels, size_t capacity) {
  struct jpeg_decompress_struct *decoder = &reader->decoder;
  jpeg_start_decompress(decoder);
  size_t row = (size_t)decoder->output_width * (size_t)decoder->output_components;
  // libjpeg may come to another layout than `header` promises only by a mistake here; writing on would corrupt memory.
  if (row != (size_t)reader->header.width * (size_t)reader->header.channels || row == 0 ||
      decoder->output_height != reader->header.height || capacity / row != decoder->output_height ||
      capacity % row != 0) {
    fail(reader, "damaged JPEG: %s", "rows have another size than was announced");
  }
  enum { rows_at_once = 16 };
  JSAMPROW rows[rows_at_once];
  while (decoder->output_scanline < decoder->output_height) {
    JDIMENSION left = decoder->output_height - decoder->output_scanline;
    JDIMENSION count = left < rows_at_once ? left : rows_at_once;
    for (JDIMENSION index = 0; index < count; index++) {
      rows[index] = pixels + (size_t)(decoder->output_scanline + index) * row;
    }
    if (jpeg_read_scanlines(decoder, rows, count) == 0) fail_as_truncated(reader);
  }
}

bool cjpeg_read(cjpeg_reader *reader, uint8_t *pixels, size_t capacity, char *message) {
  reader->message = message;
  if (setjmp(reader->failure) != 0) return false;
  read_rows(reader, pixels, capacity);
  return true;
}

void cjpeg_close(cjpeg_reader *reader) {
  jpeg_destroy_decompress(&reader->decoder);
  free(reader);
}

#define TEXT_OF(number) #number
#define TEXT(macro) TEXT_OF(macro)

const char *cjpeg_version(void) { return TEXT(LIBJPEG_TURBO_VERSION); }
