"""Draws pictures of several folders beside each other:

    python sheet.py --out FILE TITLE=FOLDER...

A column for each folder, with its title above; in the rows the same few pictures of each, evenly spaced in the order of names.
"""

import argparse
import pathlib

from PIL import Image, ImageDraw

ROWS, GAP, HEAD, LEAST_SIDE = 6, 4, 26, 96


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("columns", nargs="+", metavar="TITLE=FOLDER")
    chosen = parser.parse_args()
    columns = {}
    for column in chosen.columns:
        title, folder = column.split("=", 1)
        paths = sorted(pathlib.Path(folder).glob("*.png"))
        columns[title] = [paths[(2 * row + 1) * len(paths) // (2 * ROWS)] for row in range(ROWS)]
    with Image.open(next(iter(columns.values()))[0]) as first:
        side = first.width * max(1, round(LEAST_SIDE / first.width))
    sheet = Image.new("RGB", (len(columns) * (side + GAP) - GAP, HEAD + ROWS * (side + GAP) - GAP), "white")
    draw = ImageDraw.Draw(sheet)
    for column, (title, paths) in enumerate(columns.items()):
        draw.text((column * (side + GAP), 0), title.replace(" ", "\n"), fill="black", font_size=11, spacing=1)
        for row, path in enumerate(paths):
            with Image.open(path) as picture:
                shown = picture.convert("RGB").resize((side, side), Image.NEAREST)
            sheet.paste(shown, (column * (side + GAP), HEAD + row * (side + GAP)))
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(chosen.out, optimize=True)


if __name__ == "__main__":
    main()
