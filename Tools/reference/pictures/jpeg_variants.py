"""JPEG files of every kind that libjpeg writes, and of some that it does not, with the pixels that Pillow decodes."""

import io
import itertools
import pathlib
import shutil
import struct
import subprocess
import tempfile

from PIL import Image, ImageOps

SAMPLINGS = ("1x1,1x1,1x1", "2x1,1x1,1x1", "1x2,1x1,1x1", "2x2,1x1,1x1", "4x1,1x1,1x1", "1x4,1x1,1x1", "4x2,1x1,1x1",
             "2x4,1x1,1x1", "2x2,2x1,1x1", "2x2,1x2,2x1", "3x1,1x1,1x1", "1x3,1x1,1x1", "1x1,2x2,1x1")
CODINGS = ("", "optimized", "progressive", "arithmetic", "arithmetic progressive", "restart=1", "progressive restart=2",
           "arithmetic restart=3")
SIZES = ((48, 40), (17, 13), (1, 1), (8, 8), (35, 3), (2, 33), (64, 17))
SOI, EOI = b"\xff\xd8", b"\xff\xd9"


class Encoder:
    """write_jpeg.c, compiled."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.program = pathlib.Path(self.folder.name) / "write_jpeg"
        compiler = shutil.which("clang") or shutil.which("cc")
        source = pathlib.Path(__file__).parent / "write_jpeg.c"
        subprocess.run([compiler, source, "-o", self.program, "-ljpeg"], check=True, stderr=subprocess.PIPE)
        return self

    def __exit__(self, *_):
        self.folder.cleanup()

    def files(self, descriptions):
        """The bytes for each "WIDTH HEIGHT SPACE SAMPLING QUALITY OPTION..."."""
        paths = [pathlib.Path(self.folder.name) / f"{number}.jpg" for number in range(len(descriptions))]
        lines = "".join(f"{path} {text}\n" for path, text in zip(paths, descriptions))
        subprocess.run([self.program], input=lines, text=True, check=True)
        return [path.read_bytes() for path in paths]


def segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(orientation, endian=">", form="H", prefix=b"Exif\0\0"):
    """Exif data of one tag; `form` is B, H or L: BYTE, SHORT or LONG."""
    kind = {"B": 1, "H": 3, "L": 4}[form]
    value = struct.pack(endian + form, orientation).ljust(4, b"\0")
    start = {"<": b"II", ">": b"MM"}[endian] + struct.pack(endian + "HIH", 42, 8, 1)
    return prefix + start + struct.pack(endian + "HHI", 0x0112, kind, 1) + value + bytes(4)


def after_start(file, *segments):
    return SOI + b"".join(segments) + file[2:]


def adobe(transform):
    return segment(0xEE, b"Adobe" + struct.pack(">HHHB", 100, 0, 0, transform))


def decoded(file):
    """(width, height, channels, pixels) as Pillow shows them."""
    picture = ImageOps.exif_transpose(Image.open(io.BytesIO(file)))
    if picture.mode != "L":
        picture = picture.convert("RGB")
    return picture.width, picture.height, len(picture.getbands()), picture.tobytes()


def variants():
    """(name, file, width, height, channels, pixels) for subsampling x coding x markers, an orientation with each."""
    names, descriptions, edits = [], [], []
    markers = {
        "jfif": ("", lambda file: file),
        "adobe": ("nojfif adobe", lambda file: file),
        "both": ("adobe", lambda file: file),
        "bare": ("nojfif", lambda file: file),
        "ids": ("nojfif ids=7,8,9", lambda file: file),
        "adobe7": ("nojfif", lambda file: after_start(file, adobe(7))),
        "adobe0": ("nojfif", lambda file: after_start(file, adobe(0))),
    }
    spaces = [("ycc", sampling, marker) for sampling in SAMPLINGS for marker in markers]
    spaces += [("rgb", "1x1,1x1,1x1", marker) for marker in ("jfif", "adobe", "bare")]
    spaces += [("rgb", "2x2,1x1,1x1", "bare"), ("grey", "1x1", "jfif"), ("grey", "2x2", "bare"), ("grey", "1x4", "jfif")]
    spaces += [("cmyk", "1x1,1x1,1x1,1x1", marker) for marker in ("adobe", "bare")]
    spaces += [("cmyk", "1x1,2x2,1x1,2x1", "adobe"), ("ycck", "1x1,1x1,1x1,1x1", "adobe"), ("ycck", "2x2,1x1,1x1,2x2", "adobe")]
    for number, ((space, sampling, marker), coding) in enumerate(itertools.product(spaces, CODINGS)):
        options, edit = markers[marker]
        # libjpeg writes an Adobe marker unasked for these spaces.
        options += " noadobe" if space in ("rgb", "cmyk") and marker == "bare" else ""
        width, height = SIZES[number % len(SIZES)]
        descriptions.append(f"{width} {height} {space} {sampling} {(90, 75, 100)[number % 3]} {options} {coding}")
        names.append(f"jpeg-{space}-{sampling}-{marker}-{coding or 'baseline'}".replace(" ", "-").replace(",", "-"))
        orientation = number % 10
        form, endian = "HL"[number // 10 % 2], "<>"[number // 20 % 2]
        exif_segment = segment(0xE1, exif(orientation, endian, form))
        xmp = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x/>")
        segments = [[], [exif_segment], [xmp, exif_segment], [exif_segment, xmp]][number % 4]
        edits.append((edit, segments))
    with Encoder() as encoder:
        files = encoder.files(descriptions)
    for name, file, (edit, segments) in zip(names, files, edits):
        file = after_start(edit(file), *segments)
        yield (f"{name}.jpg", file, *decoded(file))
