// Writes JPEG files of every kind that libjpeg writes. A line of standard input is a file:
//   PATH WIDTH HEIGHT SPACE SAMPLING QUALITY OPTION...
// SPACE: grey, ycc, rgb, cmyk, ycck; SAMPLING: 2x2,1x1,1x1; OPTIONs: progressive, arithmetic, optimized, restart=N (MCUs),
// nojfif, adobe, noadobe, ids=A,B,C. Compile with: cc write_jpeg.c -ljpeg
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

static unsigned char value(int x, int y, int channel, int width, int height) {
  int across = 255 * x / (width > 1 ? width - 1 : 1), down = 255 * y / (height > 1 ? height - 1 : 1);
  int edge = across + down > 300 ? 230 : 50;
  int values[4] = {across, down, edge, 255 - across / 3};
  return (unsigned char)values[channel];
}

static void write_file(char *line) {
  const char *blank = " \n";
  char *path = strtok(line, blank);
  int width = atoi(strtok(NULL, blank)), height = atoi(strtok(NULL, blank));
  const char *space = strtok(NULL, blank);
  char *sampling = strtok(NULL, blank);
  int quality = atoi(strtok(NULL, blank));

  struct jpeg_compress_struct encoder;
  struct jpeg_error_mgr errors;
  encoder.err = jpeg_std_error(&errors);
  jpeg_create_compress(&encoder);
  FILE *file = fopen(path, "wb");
  if (!file) exit(2);
  jpeg_stdio_dest(&encoder, file);
  encoder.image_width = (JDIMENSION)width;
  encoder.image_height = (JDIMENSION)height;
  int inks = strcmp(space, "cmyk") == 0 || strcmp(space, "ycck") == 0;
  int channels = strcmp(space, "grey") == 0 ? 1 : inks ? 4 : 3;
  encoder.input_components = channels;
  encoder.in_color_space = channels == 1 ? JCS_GRAYSCALE : inks ? JCS_CMYK : JCS_RGB;
  jpeg_set_defaults(&encoder);
  jpeg_set_colorspace(&encoder, strcmp(space, "grey") == 0   ? JCS_GRAYSCALE
                                : strcmp(space, "ycc") == 0  ? JCS_YCbCr
                                : strcmp(space, "rgb") == 0  ? JCS_RGB
                                : strcmp(space, "cmyk") == 0 ? JCS_CMYK
                                                             : JCS_YCCK);
  jpeg_set_quality(&encoder, quality, TRUE);
  for (int index = 0; index < encoder.num_components && sampling != NULL && *sampling; index++) {
    encoder.comp_info[index].h_samp_factor = sampling[0] - '0';
    encoder.comp_info[index].v_samp_factor = sampling[2] - '0';
    sampling += sampling[3] == ',' ? 4 : 3;
  }
  for (char *option = strtok(NULL, blank); option != NULL; option = strtok(NULL, blank)) {
    if (strcmp(option, "progressive") == 0) jpeg_simple_progression(&encoder);
    if (strcmp(option, "arithmetic") == 0) encoder.arith_code = TRUE;
    if (strcmp(option, "optimized") == 0) encoder.optimize_coding = TRUE;
    if (strncmp(option, "restart=", 8) == 0) encoder.restart_interval = (unsigned)atoi(option + 8);
    if (strcmp(option, "nojfif") == 0) encoder.write_JFIF_header = FALSE;
    if (strcmp(option, "adobe") == 0) encoder.write_Adobe_marker = TRUE;
    if (strcmp(option, "noadobe") == 0) encoder.write_Adobe_marker = FALSE;
    if (strncmp(option, "ids=", 4) == 0) {
      sscanf(option + 4, "%d,%d,%d", &encoder.comp_info[0].component_id, &encoder.comp_info[1].component_id,
             &encoder.comp_info[2].component_id);
    }
  }
  jpeg_start_compress(&encoder, TRUE);
  unsigned char *row = malloc((size_t)width * 4);
  for (int y = 0; y < height; y++) {
    for (int x = 0; x < width; x++) {
      for (int channel = 0; channel < channels; channel++) {
        row[x * channels + channel] = value(x, y, channel, width, height);
      }
    }
    jpeg_write_scanlines(&encoder, &row, 1);
  }
  jpeg_finish_compress(&encoder);
  jpeg_destroy_compress(&encoder);
  free(row);
  fclose(file);
}

int main(void) {
  char line[4096];
  while (fgets(line, sizeof line, stdin)) write_file(line);
  return 0;
}
