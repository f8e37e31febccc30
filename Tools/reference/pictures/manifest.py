"""A folder of pictures and what is right: expected.json, and the pixels one after another in expected.bin."""

import json
import pathlib


class Manifest:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.pictures, self.pixels = [], b""

    def add(self, name, file, width, height, channels, pixels, tolerance):
        assert len(pixels) == width * height * channels, name
        (self.folder / name).write_bytes(file)
        self.pictures.append({"file": name, "width": width, "height": height, "channels": channels,
                              "tolerance": tolerance, "offset": len(self.pixels)})
        self.pixels += pixels

    def refuse(self, name, file, reason):
        """A file that is left out, with words of the reason."""
        (self.folder / name).write_bytes(file)
        self.pictures.append({"file": name, "refused": reason})

    def write(self):
        lines = ",\n".join(json.dumps(picture) for picture in self.pictures)
        (self.folder / "expected.json").write_text(f"[\n{lines}\n]\n")
        (self.folder / "expected.bin").write_bytes(self.pixels)
