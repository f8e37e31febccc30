"""Writes the small pictures that once misled swift-gan or others, and what is right, to Tests/DatasetsTests/Fixtures/Cases.

Needs Pillow 11.3.0 (Tests/requirements.txt), and a C compiler with libjpeg's header. Run from the repository's root:
python Tools/reference/pictures/make_cases.py
"""

import io
import pathlib
import random
import shutil
import struct
import zlib

from PIL import Image, ImageOps

from jpeg_variants import EOI, Encoder, adobe, after_start, decoded, exif, segment
from manifest import Manifest
from png_variants import (GREY, GREY_ALPHA, PALETTE, RGB, RGBA, chunk, encoded, flat, grey_only, header, image_data, noise,
                          shown, SIGNATURE)

FOLDER = pathlib.Path("Tests/DatasetsTests/Fixtures/Cases")


def png_cases(manifest):
    def add(name, pixels, depth, kind, palette=None, transparent=None, turned=1, file=None, **options):
        rows = shown(pixels, depth, kind, palette, transparent)
        if kind in (GREY, GREY_ALPHA):
            rows = grey_only(rows)
        picture = Image.frombytes("L" if len(rows[0][0]) == 1 else "RGB", (len(rows[0]), len(rows)), flat(rows))
        if turned == 6:
            picture = picture.transpose(Image.Transpose.ROTATE_270)
        file = file or encoded(pixels, depth, kind, **options)
        manifest.add(name, file, *picture.size, len(picture.getbands()), picture.tobytes(), tolerance=0)

    ramp = [[(3000 * y + 5,)] * 24 for y in range(20)]
    add("interlaced-16-grey.png", ramp, 16, GREY, interlaced=True)
    wave = [[((9 * x + 3 * y) % 256,) for x in range(12)] for y in range(6)]
    add("gamma-grey.png", wave, 8, GREY, before=chunk(b"gAMA", struct.pack(">I", 100000)))
    generator = random.Random(1)
    deep = noise(11, 9, 16, RGBA, 0, generator)
    add("interlaced-16-rgba.png", deep, 16, RGBA, interlaced=True)
    # Black beside 0x1234 with another low byte: only the exact colour is transparent.
    near = [[(0x1234, 0xABCD, 0x8001 + (x & 1)) for x in range(5)] for _ in range(3)]
    add("transparent-16-rgb.png", near, 16, RGB, transparent=(0x1234, 0xABCD, 0x8001),
        before=chunk(b"tRNS", struct.pack(">3H", 0x1234, 0xABCD, 0x8001)))
    few = noise(9, 7, 2, GREY, 0, generator)
    add("transparent-2-grey.png", few, 2, GREY, transparent=(2,), before=chunk(b"tRNS", struct.pack(">H", 2)))
    palette = [(250, 3, 9), (17, 200, 80), (90, 90, 255)]
    indexes = noise(9, 7, 4, PALETTE, 3, generator)
    colors = chunk(b"PLTE", bytes(value for color in palette for value in color))
    add("transparent-palette.png", indexes, 4, PALETTE, palette, [0, 128], interlaced=True,
        before=colors + chunk(b"tRNS", bytes([0, 128])))
    # Beyond the palette's end is black, as for Pillow.
    beyond = [[(index % 6,) for index in range(9)] for _ in range(4)]
    add("beyond-palette.png", beyond, 4, PALETTE, palette + [(0, 0, 0)] * 3, before=colors)

    colored = noise(7, 5, 8, RGB, 0, generator)
    turned = exif(6, "<", "H", prefix=b"")
    for name, options in {
        "exif.png": {"before": chunk(b"eXIf", turned)}, "exif-after.png": {"after": chunk(b"eXIf", turned)},
        "exif-prefix.png": {"before": chunk(b"eXIf", b"Exif\0\0" + turned)},
    }.items():
        file = encoded(colored, 8, RGB, **options)
        assert ImageOps.exif_transpose(Image.open(io.BytesIO(file))).size == (5, 7), name
        add(name, colored, 8, RGB, turned=6, file=file)
    add("exif-damaged.png", colored, 8, RGB, before=chunk(b"eXIf", turned, intact=False))
    add("text-damaged.png", colored, 8, RGB, before=chunk(b"tEXt", b"Comment\0x", intact=False))
    whole = encoded(colored, 8, RGB)
    add("no-end.png", colored, 8, RGB, file=whole[:-12])
    add("bytes-after-end.png", colored, 8, RGB, file=whole + b"trailing bytes")
    data = image_data(colored, 8, RGB, False)
    other = image_data(noise(7, 5, 8, RGB, 0, generator), 8, RGB, False)
    frame = lambda number: chunk(b"fcTL", struct.pack(">5I2H2B", number, 7, 5, 0, 0, 1, 10, 0, 0))
    add("animated.png", colored, 8, RGB, file=SIGNATURE + header(7, 5, 8, RGB) + chunk(b"acTL", struct.pack(">II", 2, 0))
        + frame(0) + chunk(b"IDAT", data) + frame(1) + chunk(b"fdAT", struct.pack(">I", 2) + other) + chunk(b"IEND", b""))
    add("junk-after-data.png", colored, 8, RGB,
        file=SIGNATURE + header(7, 5, 8, RGB) + chunk(b"IDAT", data + b"junk") + chunk(b"IEND", b""))

    start = SIGNATURE + header(7, 5, 8, RGB)
    manifest.refuse("cut.png", whole[: len(whole) // 2 + 10], "truncated PNG")
    manifest.refuse("cut-before-checksum.png", whole[:-16], "truncated PNG")
    manifest.refuse("rows-missing.png", start + chunk(b"IDAT", zlib.compress(bytes(22 * 3))) + chunk(b"IEND", b""),
                    "Not enough image data")
    manifest.refuse("data-checksum.png", start + chunk(b"IDAT", data, intact=False) + chunk(b"IEND", b""), "damaged PNG")
    manifest.refuse("transparency-checksum.png",
                    encoded(near, 16, RGB, before=chunk(b"tRNS", struct.pack(">3H", 1, 2, 3), intact=False)), "tRNS")
    manifest.refuse("unknown-critical.png", encoded(colored, 8, RGB, before=chunk(b"ABCD", b"x")), "damaged PNG")
    manifest.refuse("no-palette.png", encoded(indexes, 4, PALETTE), "PLTE")


def jpeg_cases(manifest, encoder):
    def add(name, file, like=None):
        """`like` stands for the picture where Pillow refuses the file itself or passes over its orientation."""
        manifest.add(name, file, *decoded(like or file), tolerance=2)

    size = "24 20"
    samplings = ("4x2,1x1,1x1", "2x2,2x1,1x1", "1x4,1x1,1x1", "4x1,1x1,1x1", "2x4,1x1,1x1")
    for text, file in zip(samplings, encoder.files([f"{size} ycc {text} 85" for text in samplings])):
        add(f"sampling-{text.replace(',', '-')}.jpg", file)
    plain, bare, progressive, arithmetic, restart, rgb, ycck = encoder.files([
        f"{size} ycc 2x2,1x1,1x1 85", f"{size} ycc 1x1,1x1,1x1 85 nojfif", f"{size} ycc 2x2,1x1,1x1 85 progressive",
        f"{size} ycc 2x1,1x1,1x1 85 arithmetic progressive", f"{size} ycc 2x2,1x1,1x1 85 restart=1",
        f"{size} rgb 1x1,1x1,1x1 85 noadobe", f"{size} ycck 2x2,1x1,1x1,2x2 85"])
    for name, file in (("arithmetic", arithmetic), ("restart", restart), ("rgb-by-names", rgb), ("ycck", ycck)):
        add(f"{name}.jpg", file)
    tables = plain.index(b"\xff\xdb")
    add("stray-before-tables.jpg", plain[:tables] + b"\x01\x02\x03" + plain[tables:])
    add("jfif-version-0.jpg", plain.replace(b"JFIF\0\x01\x01", b"JFIF\0\0\0", 1))
    scan = plain.index(b"\xff\xda")
    last = scan + 2 + int.from_bytes(plain[scan + 2 : scan + 4], "big")
    add("scan-end-0.jpg", plain[: last - 2] + b"\0" + plain[last - 1 :])
    add("bytes-before-end.jpg", plain[:-2] + b"\x12\x34\x56" + EOI)
    add("bytes-after-end.jpg", plain + b"trailing")
    add("adobe-transform-7.jpg", after_start(bare, adobe(7)))

    for form, endian in (("H", ">"), ("L", ">"), ("L", "<")):
        name = {"H": "short", "L": "long"}[form] + {">": "-big", "<": "-little"}[endian]
        add(f"exif-{name}.jpg", after_start(plain, segment(0xE1, exif(6, endian, form))))
    turned = after_start(plain, segment(0xE1, exif(6)))
    add("exif-byte.jpg", after_start(plain, segment(0xE1, exif(6, form="B"))), turned)
    malformed = segment(0xE1, b"Exif\0\0MM\0\x2a\0\0\xff\xff")
    add("exif-malformed-first.jpg", after_start(plain, malformed, segment(0xE1, exif(6))), turned)
    add("exif-malformed.jpg", after_start(plain, malformed), plain)
    add("exif-9.jpg", after_start(plain, segment(0xE1, exif(9))), plain)

    manifest.refuse("cut.jpg", plain[: len(plain) * 2 // 3], "truncated JPEG")
    manifest.refuse("cut-end-marker.jpg", plain[:-2], "truncated JPEG")
    stray = progressive.index(b"\xff\xda", progressive.index(b"\xff\xda") + 2)
    strayed = progressive[:stray] + b"\x01\x02\x03" + progressive[stray:]
    manifest.refuse("stray-and-cut.jpg", strayed[: len(strayed) * 2 // 3], "truncated JPEG")
    manifest.refuse("closed-early.jpg", plain[: len(plain) - 40] + EOI, "truncated JPEG")
    manifest.refuse("no-scan.jpg", plain[:scan], "truncated JPEG")
    frame = plain.index(b"\xff\xc0")
    manifest.refuse("twelve-bits.jpg", plain[: frame + 4] + b"\x0c" + plain[frame + 5 :], "cannot be decoded")
    manifest.refuse("lossless.jpg", plain[: frame + 1] + b"\xc3" + plain[frame + 2 :], "cannot be decoded")
    small = encoder.files(["8 8 grey 1x1 20 progressive"])[0]
    scan = small.rindex(b"\xff\xda")
    bomb = small[:scan] + small[scan:-2] * 600 + EOI
    manifest.refuse("scans.jpg", bomb, "more than 500 scans")


def main():
    shutil.rmtree(FOLDER, ignore_errors=True)
    manifest = Manifest(FOLDER)
    png_cases(manifest)
    with Encoder() as encoder:
        jpeg_cases(manifest, encoder)
    manifest.write()


main()
