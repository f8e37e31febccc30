"""PNG files of every kind that the specification allows, by an encoder of its own, with the pixels that they stand for.

Pillow writes few of these kinds and reads 16 bits less exactly, so the pixels follow from the stored numbers; where Pillow
decodes to all bits, it must agree.
"""

import io
import itertools
import random
import struct
import zlib

from PIL import Image, ImageCms

SIGNATURE = b"\x89PNG\r\n\x1a\n"
GREY, RGB, PALETTE, GREY_ALPHA, RGBA = 0, 2, 3, 4, 6
SAMPLES = {GREY: 1, RGB: 3, PALETTE: 1, GREY_ALPHA: 2, RGBA: 4}
DEPTHS = {GREY: (1, 2, 4, 8, 16), RGB: (8, 16), PALETTE: (1, 2, 4, 8), GREY_ALPHA: (8, 16), RGBA: (8, 16)}
# First column and row, steps, of the seven passes (8.1).
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
SIZES = ((13, 11), (1, 1), (5, 4), (8, 8), (2, 3), (33, 9), (9, 1), (1, 9))


def chunk(kind, body, intact=True):
    checksum = zlib.crc32(kind + body) ^ (0 if intact else 0x10001)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def header(width, height, depth, kind, interlaced=False):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, int(interlaced)))


def packed(row, depth):
    """The bytes of a row of samples."""
    if depth == 16:
        return b"".join(struct.pack(">H", sample) for sample in row)
    if depth == 8:
        return bytes(row)
    bits = "".join(format(sample, f"0{depth}b") for sample in row)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[place : place + 8], 2) for place in range(0, len(bits), 8))


def filtered(rows, step):
    """The rows with filters 0 to 4 in turn; `step` is a pixel's bytes, at least 1."""
    result, above = b"", None
    for number, row in enumerate(rows):
        above = above or bytes(len(row))
        left = bytes(step) + row
        corner = bytes(step) + above
        kind = number % 5
        result += bytes([kind])
        for place, byte in enumerate(row):
            a, b, c = left[place], above[place], corner[place]
            nearest = min((a, b, c), key=lambda value: abs(a + b - c - value))
            result += bytes([(byte - (0, a, b, (a + b) // 2, nearest)[kind]) % 256])
        above = row
    return result


def image_data(pixels, depth, kind, interlaced):
    """`pixels`: rows of tuples of samples."""
    step = max(1, SAMPLES[kind] * depth // 8)
    data = b""
    for x0, y0, dx, dy in ADAM7 if interlaced else ((0, 0, 1, 1),):
        rows = [[sample for pixel in row[x0::dx] for sample in pixel] for row in pixels[y0::dy]]
        if rows and rows[0]:
            data += filtered([packed(row, depth) for row in rows], step)
    return zlib.compress(data)


def encoded(pixels, depth, kind, interlaced=False, before=b"", after=b"", piece=None):
    """A file; `before` and `after` are the chunks around the image data, which come in pieces of `piece` bytes."""
    data = image_data(pixels, depth, kind, interlaced)
    pieces = [data[place : place + piece] for place in range(0, len(data), piece)] if piece else [data]
    top = header(len(pixels[0]), len(pixels), depth, kind, interlaced)
    return SIGNATURE + top + before + b"".join(chunk(b"IDAT", part) for part in pieces) + after + chunk(b"IEND", b"")


def reduced(sample, depth):
    """A sample in 8 bits."""
    if depth == 16:
        return (sample + 128) // 257
    return sample * 255 // ((1 << depth) - 1)


def shown(pixels, depth, kind, palette=None, transparent=None, over_black=True):
    """The pixels as 8-bit rows of (grey,) or (r, g, b), over black, or with their opacity behind them.

    `transparent` is the tRNS chunk: opacities of a palette, or the samples of the one transparent colour.
    """
    rows = []
    for row in pixels:
        line = []
        for pixel in row:
            opacity = 255
            if kind == PALETTE:
                color = palette[pixel[0]]
                opacity = transparent[pixel[0]] if transparent and pixel[0] < len(transparent) else 255
            elif kind in (GREY_ALPHA, RGBA):
                color, opacity = [reduced(sample, depth) for sample in pixel[:-1]], reduced(pixel[-1], depth)
            else:
                color = [reduced(sample, depth) for sample in pixel]
                opacity = 0 if transparent and tuple(pixel) == tuple(transparent) else 255
            color = tuple((value * opacity + 127) // 255 for value in color) if over_black else (*color, opacity)
            line.append(color)
        rows.append(line)
    return rows


def grey_only(rows):
    return [[pixel[:1] for pixel in row] for row in rows]


def flat(rows):
    return bytes(value for row in rows for pixel in row for value in pixel)


def noise(width, height, depth, kind, palette_size, generator):
    """Samples of all values, in which neighbours often differ by the lowest bit alone."""
    top = (1 << depth) - 1 if kind != PALETTE else palette_size - 1
    few = [tuple(generator.randint(0, top) for _ in range(SAMPLES[kind])) for _ in range(3)]
    few += [(*pixel[:-1], min(pixel[-1] ^ 1, top)) for pixel in few]
    one = lambda: generator.choice(few) if generator.random() < 0.5 else tuple(
        generator.randint(0, top) for _ in range(SAMPLES[kind]))
    return [[one() for _ in range(width)] for _ in range(height)]


def check_against_pillow(name, file, rows, has_transparent_grey):
    """`rows` with their opacity."""
    picture = Image.open(io.BytesIO(file)).convert("RGBA")
    ours = [pixel for row in rows for pixel in row]
    ours = [(*(pixel[:1] * 3 if len(pixel) == 2 else pixel[:3]), pixel[-1]) for pixel in ours]
    theirs = list(picture.getdata())
    # Pillow compares a transparent grey of fewer than 8 bits with the widened one.
    if has_transparent_grey:
        ours, theirs = [pixel[:3] for pixel in ours], [pixel[:3] for pixel in theirs]
    if ours != theirs:
        raise AssertionError(f"{name}: Pillow decodes other pixels")


def variants():
    """(name, file, width, height, channels, pixels) for depth x colour x Adam7 x tRNS x colour chunks."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    colors = {
        "plain": b"",
        "gama": chunk(b"gAMA", struct.pack(">I", 100000)),
        "srgb": chunk(b"sRGB", b"\0") + chunk(b"gAMA", struct.pack(">I", 45455)),
        "iccp": chunk(b"iCCP", b"profile\0\0" + zlib.compress(profile)),
        "chrm": chunk(b"gAMA", struct.pack(">I", 22222)) + chunk(b"cHRM", struct.pack(">8I", *[30000] * 8)),
    }
    kinds = [(kind, depth, transparent) for kind, depths in DEPTHS.items() for depth in depths
             for transparent in ((False, True) if kind in (GREY, RGB, PALETTE) else (False,))]
    for number, ((kind, depth, is_transparent), interlaced, color) in enumerate(
        itertools.product(kinds, (False, True), colors)
    ):
        name = f"png-{kind}-{depth}" + "-adam7" * interlaced + "-trns" * is_transparent + f"-{color}.png"
        generator = random.Random(name)
        width, height = SIZES[number % len(SIZES)]
        palette, chunks = None, colors[color]
        size = max(2, (1 << depth) - number % 2) if kind == PALETTE else 0
        pixels = noise(width, height, depth, kind, size, generator)
        is_grey = kind in (GREY, GREY_ALPHA)
        if kind == PALETTE:
            is_grey = number % 3 == 0
            palette = [tuple(generator.randint(0, 255) for _ in range(3)) for _ in range(size)]
            if is_grey:
                palette = [color[:1] * 3 for color in palette]
            elif all(color[0] == color[1] == color[2] for color in palette):
                palette[0] = (1, 2, 3)
            chunks += chunk(b"PLTE", bytes(itertools.chain(*palette)))
        transparent = None
        if is_transparent and kind == PALETTE:
            transparent = [generator.randint(0, 255) for _ in range(max(1, size // 2))]
            chunks += chunk(b"tRNS", bytes(transparent))
        elif is_transparent:
            transparent = pixels[height // 2][width // 2]
            chunks += chunk(b"tRNS", struct.pack(f">{len(transparent)}H", *transparent))
        file = encoded(pixels, depth, kind, interlaced, chunks, piece=(None, 7, 1)[number % 3])
        if depth <= 8:
            full = shown(pixels, depth, kind, palette, transparent, over_black=False)
            check_against_pillow(name, file, full, kind == GREY and is_transparent and depth < 8)
        rows = shown(pixels, depth, kind, palette, transparent)
        rows = grey_only(rows) if is_grey else rows
        yield name, file, width, height, 1 if is_grey else 3, flat(rows)
