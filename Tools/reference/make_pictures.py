"""Writes the small pictures that DatasetsTests decodes, and what Pillow makes of them, to Tests/DatasetsTests/Fixtures.

Needs Pillow and NumPy. Run from the repository's root: python Tools/reference/make_pictures.py
"""

import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

FOLDER = pathlib.Path("Tests/DatasetsTests/Fixtures/Pictures")
EXPECTED = FOLDER.parent / "Expected"


def scene(width, height):
    """Gradients, a disc and an edge: smooth and sharp parts, no symmetry."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    u, v = x / max(width - 1, 1), y / max(height - 1, 1)
    disc = ((u - 0.3) ** 2 + (v - 0.6) ** 2 < 0.05).astype(np.float64)
    red = 255 * u
    green = 255 * v * (1 - disc)
    blue = 255 * np.where(u + v > 1.2, 0.9, 0.2)
    return Image.fromarray(np.stack([red, green, blue], -1).round().astype(np.uint8), "RGB")


def save(name, picture, **options):
    picture.save(FOLDER / name, **options)


def expect(name, array):
    np.save(EXPECTED / (pathlib.Path(name).name + ".npy"), np.ascontiguousarray(array[None].astype(np.uint8)))


def png_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def main():
    for folder in (FOLDER, EXPECTED):
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.iterdir():
            old.unlink()
    rgb = scene(24, 16)
    grey = rgb.convert("L")

    save("rgb.png", rgb)
    expect("rgb.png", np.asarray(rgb))
    save("grey.png", grey)
    expect("grey.png", np.asarray(grey)[..., None])
    rgba = rgb.copy()
    rgba.putalpha(Image.fromarray(np.tile(np.linspace(0, 255, 24).round().astype(np.uint8), (16, 1)), "L"))
    save("rgba.png", rgba)
    opacity = np.asarray(rgba)[..., 3:].astype(np.int64)
    expect("rgba.png", (np.asarray(rgb).astype(np.int64) * opacity + 127) // 255)
    palette = rgb.quantize(16)
    save("palette.png", palette)
    expect("palette.png", np.asarray(palette.convert("RGB")))
    greys = Image.fromarray((np.asarray(grey) // 64).astype(np.uint8), "P")
    greys.putpalette(sum(([64 * i] * 3 for i in range(4)), []))
    save("palette-grey.png", greys)
    expect("palette-grey.png", (np.asarray(grey) // 64 * 64)[..., None])
    sixteen = (np.asarray(grey).astype(np.uint16) * 257)
    Image.fromarray(sixteen).save(FOLDER / "grey16.png")
    expect("grey16.png", np.asarray(grey)[..., None])

    smooth = Image.fromarray(
        np.stack([np.tile(np.linspace(30, 220, 24), (16, 1)), np.tile(np.linspace(40, 200, 16)[:, None], (1, 24)),
                  np.full((16, 24), 90.0)], -1).round().astype(np.uint8), "RGB")
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif.endian = "<" if orientation % 2 else ">"
        exif[0x0112] = orientation
        name = f"exif{orientation}.jpg"
        save(name, smooth, quality=92, subsampling=0, exif=exif)
        expect(name, np.asarray(ImageOps.exif_transpose(Image.open(FOLDER / name))))
    save("grey.jpg", grey, quality=92)
    expect("grey.jpg", np.asarray(Image.open(FOLDER / "grey.jpg"))[..., None])
    save("cmyk.jpg", smooth.convert("CMYK"), quality=95)
    expect("cmyk.jpg", np.asarray(Image.open(FOLDER / "cmyk.jpg").convert("RGB")))
    adobe = (FOLDER / "cmyk.jpg").read_bytes()
    segment = adobe.index(b"\xff\xee")
    plain = adobe[:segment] + adobe[segment + 2 + int.from_bytes(adobe[segment + 2 : segment + 4], "big") :]
    (FOLDER / "cmyk-plain.jpg").write_bytes(plain)
    expect("cmyk-plain.jpg", np.asarray(Image.open(FOLDER / "cmyk-plain.jpg").convert("RGB")))
    save("progressive.jpg", smooth, quality=92, subsampling=0, progressive=True)
    expect("progressive.jpg", np.asarray(Image.open(FOLDER / "progressive.jpg")))

    halves = scene(30, 40), scene(30, 40).transpose(Image.Transpose.ROTATE_180)
    pair = Image.new("RGB", (60, 40))
    for side, half in enumerate(halves):
        pair.paste(half, (30 * side, 0))
        for size in [(16, 12), (15, 20), (44, 44)]:
            expect(f"pair-{'AB'[side]}-{size[0]}x{size[1]}", np.asarray(half.resize(size, Image.Resampling.BICUBIC)))
    save("pair.png", pair)

    large = scene(61, 47)
    save("large.png", large)
    for width, height in ((16, 16), (20, 8), (8, 24), (61, 30), (100, 90)):
        expect(f"large-{width}x{height}", np.asarray(ImageOps.fit(large, (width, height), Image.LANCZOS)))

    whole = (FOLDER / "rgb.png").read_bytes()
    (FOLDER / "truncated.png").write_bytes(whole[: len(whole) // 2])
    photo = (FOLDER / "progressive.jpg").read_bytes()
    (FOLDER / "truncated.jpg").write_bytes(photo[: len(photo) * 2 // 3])
    hostile = struct.pack(">IIBBBBB", 65535, 65535, 8, 6, 0, 0, 0)
    data = png_chunk(b"IHDR", hostile) + png_chunk(b"IDAT", zlib.compress(b"\0" * 100)) + png_chunk(b"IEND", b"")
    (FOLDER / "hostile.png").write_bytes(whole[:8] + data)
    implausible = struct.pack(">IIBBBBB", 16000, 16000, 8, 6, 0, 0, 0)
    data = png_chunk(b"IHDR", implausible) + png_chunk(b"IDAT", zlib.compress(b"\0" * 100)) + png_chunk(b"IEND", b"")
    (FOLDER / "implausible.png").write_bytes(whole[:8] + data)
    start = photo.index(b"\xff\xc2")
    (FOLDER / "hostile.jpg").write_bytes(photo[: start + 5] + struct.pack(">HH", 65500, 65500) + photo[start + 9 :])


main()
