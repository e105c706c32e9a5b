#!/usr/bin/env python3
"""Draws Symbols.ttf, the few signs that the window needs beside its text.

Every sign is a polygon in a square of 1000 units, drawn here and nowhere else.
Needs fonttools. Run it in this folder after a change.
"""

import math

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

UNITS = 1000
WIDTH = 1000


def polygon(*points):
    """One closed outline, clockwise as TrueType fills it."""
    return list(points)


def ring(cx, cy, outer, inner, first=0.0, last=360.0, steps=48):
    """A ring, or the part of it between two angles in degrees."""
    def at(radius, angle):
        turn = math.radians(angle)
        return (round(cx + radius * math.cos(turn)), round(cy + radius * math.sin(turn)))

    angles = [last + (first - last) * i / steps for i in range(steps + 1)]
    if last - first < 360:
        return [[at(outer, a) for a in angles] + [at(inner, a) for a in reversed(angles)]]
    whole = angles[:-1]
    return [[at(outer, a) for a in whole], [at(inner, a) for a in reversed(whole)]]


def disc(cx, cy, radius, steps=32):
    """A filled circle."""
    return ring(cx, cy, radius, 0, steps=steps)[:1]


SIGNS = {
    # Check mark.
    0x2714: [polygon((120, 380), (220, 480), (410, 290), (800, 680), (900, 580), (410, 90))],
    # Cross.
    0x2718: [
        polygon(
            (180, 620), (280, 720), (500, 500), (720, 720), (820, 620), (600, 400),
            (820, 180), (720, 80), (500, 300), (280, 80), (180, 180), (400, 400),
        )
    ],
    # Closed and open.
    0x25B8: [polygon((330, 90), (330, 710), (720, 400))],
    0x25BE: [polygon((190, 600), (810, 600), (500, 200))],
    # Warning: a triangle with a sign cut out of it.
    0x26A0: [
        polygon((500, 800), (960, 0), (40, 0)),
        polygon((440, 560), (465, 240), (535, 240), (560, 560)),
        list(reversed(disc(500, 130, 62)[0])),
    ],
    # Padlock, in the private use area like the next one: other fonts have it too.
    0xE001: [polygon((170, 440), (830, 440), (830, -60), (170, -60))]
    + ring(500, 520, 270, 170, 0, 180)
    + [polygon((230, 530), (330, 530), (330, 420), (230, 420))]
    + [polygon((670, 530), (770, 530), (770, 420), (670, 420))],
    # Information: a ring with an i.
    0xE002: ring(500, 380, 400, 320)
    + [polygon((450, 450), (550, 450), (550, 150), (450, 150))]
    + disc(500, 560, 62),
}


def glyph(outlines):
    pen = TTGlyphPen(None)
    for outline in outlines:
        if len(outline) < 3:
            continue
        pen.moveTo(outline[0])
        for point in outline[1:]:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


def main():
    names = {code: f"uni{code:04X}" for code in SIGNS}
    order = [".notdef", *names.values()]
    font = FontBuilder(UNITS, isTTF=True)
    font.setupGlyphOrder(order)
    font.setupCharacterMap(names and {code: name for code, name in names.items()})
    glyphs = {".notdef": TTGlyphPen(None).glyph()}
    glyphs.update({names[code]: glyph(outlines) for code, outlines in SIGNS.items()})
    font.setupGlyf(glyphs)
    font.setupHorizontalMetrics({name: (WIDTH, 0) for name in order})
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable(
        {
            "familyName": "Provisioning Symbols",
            "styleName": "Regular",
            "psName": "ProvisioningSymbols-Regular",
            "licenseDescription": "MIT OR Apache-2.0",
        }
    )
    font.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    font.setupPost()
    font.font["head"].created = font.font["head"].modified = 0
    font.save("Symbols.ttf")


main()
