"""Writes every variant of PNG and JPEG that swift-gan is held against Pillow with, and the pixels: make_grid.py FOLDER

Needs Pillow, and a C compiler with libjpeg's header, which building swift-gan needs too. DatasetsTests runs it.
"""

import sys

import jpeg_variants
import png_variants
from manifest import Manifest

manifest = Manifest(sys.argv[1])
for variant in png_variants.variants():
    manifest.add(*variant, tolerance=0)
for variant in jpeg_variants.variants():
    manifest.add(*variant, tolerance=2)
manifest.write()
