#!/usr/bin/env python3
"""Takes from Inter what the window can show: inter.py FOLDER

FOLDER holds Inter-Regular.otf and Inter-SemiBold.otf as Inter ships them
(Debian's fonts-inter has them). Kept are the alphabets of the languages of today
(Latin, Greek, Cyrillic), punctuation, currencies, arrows; glyphs that only a choice
of styles would use are left out. Needs fonttools. The results replace those in
this folder.
"""

import os
import sys

from fontTools import subset

KEPT = [
    (0x0020, 0x007E), (0x00A0, 0x0233), (0x0237, 0x0237), (0x0259, 0x0259),
    (0x02B9, 0x02DD), (0x0300, 0x0336), (0x0370, 0x03FF), (0x0400, 0x04FF),
    (0x1E80, 0x1E85), (0x1E9E, 0x1EF9), (0x2010, 0x205F), (0x2070, 0x208E),
    (0x20A0, 0x20CF), (0x2113, 0x2122), (0x2190, 0x2193), (0x2212, 0x2212),
    (0x221E, 0x221E), (0x2248, 0x2248), (0x2260, 0x2265), (0x2713, 0x2713),
    (0x2717, 0x2717), (0xFB00, 0xFB06), (0xFFFD, 0xFFFD),
]
FEATURES = ["calt", "ccmp", "kern", "locl", "mark", "mkmk"]

here = os.path.dirname(os.path.abspath(__file__))
for name in ("Inter-Regular.otf", "Inter-SemiBold.otf"):
    options = subset.Options()
    options.layout_features = FEATURES
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    options.notdef_outline = True
    options.recalc_timestamp = False
    font = subset.load_font(os.path.join(sys.argv[1], name), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[c for first, last in KEPT for c in range(first, last + 1)])
    subsetter.subset(font)
    subset.save_font(font, os.path.join(here, name), options)
    print(name, os.path.getsize(os.path.join(here, name)), "bytes")
