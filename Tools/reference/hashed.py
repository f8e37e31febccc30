"""Numbers that Python and Swift both compute from a name and a place, so that fixtures need not hold 24 million weights."""

import numpy


def bits(name, count):
    """`count` words of 32 bits: FNV-1a of the name, added to multiples of the golden ratio and mixed (MurmurHash3)."""
    salt = 2166136261
    for byte in name.encode():
        salt = (salt ^ byte) * 16777619 & 0xFFFFFFFF
    x = numpy.arange(count, dtype=numpy.uint32) * numpy.uint32(2654435761) + numpy.uint32(salt)
    for shift, factor in ((16, 2246822507), (13, 3266489909)):
        x ^= x >> numpy.uint32(shift)
        x *= numpy.uint32(factor)
    return x ^ (x >> numpy.uint32(16))


def uniform(name, shape):
    """Numbers in [-1, 1), float64."""
    return bits(name, int(numpy.prod(shape))).astype(numpy.float64).reshape(shape) / 2.0**31 - 1


def pixels(name, shape):
    """Grey levels 0 ... 255, uint8."""
    return (bits(name, int(numpy.prod(shape))) >> numpy.uint32(24)).astype(numpy.uint8).reshape(shape)
