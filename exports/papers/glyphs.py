"""The characters that the fonts of the documents contain; others are replaced, and listed in the document.

The fonts come with typst: Libertinus Serif (SIL Open Font License), then New Computer Modern (GUST Font License) and
DejaVu Sans Mono (Bitstream Vera licence). PDF/A and PDF/UA files must not contain characters without a glyph.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

SUBSTITUTE = "□"
SAFE = re.compile("[\u0020-\u007e\u00a0-\u00ac\u00ae-\u017f\u2010-\u2027\u202f-\u2033\u2039\u203a\u20ac\u25a1\n]")
"""Characters that the first font has in every style, without combining marks."""
COVERED = """
20-7e a0-377 37a-37f 384-38a 38c 38e-3a1 3a3-4ff 510-513 51a-51d 531-58f 591-5c7 5d0-5eb 5ef-5f5 5f7 606-607
609-60c 615 61b 61f 621-63a 640-655 65a 660-66d 674 679-67b 67e-680 683-684 686-687 691 698 6a4 6a9 6af 6be 6cc
6f0-6f9 e3f e81-e82 e84 e87-e88 e8a e8d e94-e97 e99-e9f ea1-ea3 ea5 ea7 eaa-eab ead-eb9 ebb-ebc ec8-ecd
10d0-10ff 13a0-13fd 1ab0-1ace 1d00-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b 1f5d 1f5f-1f7d
1f80-1fb4 1fb6-1fc4 1fc6-1fd3 1fd6-1fdb 1fdd-1fef 1ff2-1ff4 1ff6-1ffe 2000-2027 2029 202f-2037 2039-2040 2042
2044-204b 204f 2052 2054 205f 2070-2071 2074-208e 2090-209c 20a0-20c0 20d0-20f0 2100-2103 2105-2106 2109
210c-210f 2111 2113 2115-2117 2119-211a 211c-211e 2120 2122 2124 2126-2127 212a-212b 212e 2132 2135-2139 2148
214f-2151 2153-2184 2189 2190-222e 2234-223d 2241-226b 226d-228b 228d-22a6 22b2-22b8 22c2-22c6 22cd-22d1
22da-22e9 22ee-22ef 2300-2306 2308-2315 2318-2319 231c-2322 2325-232b 2335-237a 237d 2380-2383 2388-238b 2395
239b-23ae 23ce-23cf 23d3 2422-2423 2460-262f 2638-268b 2690-269c 26a0-26a7 26ac-26b2 2701-2704 2706-2709
270c-2727 2729-274b 274d 274f-2752 2756 2758-275e 2761-277f 2794 2798-27af 27b1-27bf 27c2 27c5-27c6 27dc 27e0
27e6-27eb 27f5-27f7 2800-28ff 2987-2988 2997-2998 29eb 29fa-29fb 2a00 2a2f 2a6a-2a6b 2b05-2b0d 2b12-2b1a
2c60-2cf3 2cf9-2cff 2e02-2e05 2e08-2e0a 2e17-2e18 2e1f 2e22-2e25 2e2e 301a-301b a46a-a46b a640-a641 a648-a649
a656-a657 a708-a716 a71b-a727 a72d a730 a735 a765 a789-a78e a790-a791 a793 a7aa a7f8-a7f9 ab52 ab66 ab70-abbf
fb00-fb06 fb13-fb17 fb1d-fb4f fb52-fb81 fb8a-fb95 fb9e-fb9f fbaa-fbad fbe8-fbe9 fbfc-fbff fe20-fe2f fe66
fe70-fe74 fe76-fefc feff fff9-fffd 10140-1018e 102e0-102fb 1d106-1d107 1d55a 1d670-1d6a3 1d703 1d7f6-1d7ff 1f12f
"""
"""Ranges of code points, in hexadecimal, that at least one of the fonts has in some style (typst 0.15)."""


@lru_cache(maxsize=1)
def _uncovered() -> re.Pattern[str]:
    bounds = (part.partition("-") for part in COVERED.split())
    ranges = "".join(f"\\U{int(first, 16):08x}-\\U{int(last or first, 16):08x}" for first, _, last in bounds)
    return re.compile(f"[^\n{ranges}]")


class Substitution:
    """Replaces characters without a glyph in the data of a document, and collects them in `replaced`.

    With `strict`, all characters except those in `SAFE` are replaced.
    """

    def __init__(self, strict: bool = False) -> None:
        self._strict = strict
        self.replaced: set[str] = set()

    def apply(self, value: Any) -> Any:
        """The value with characters replaced in all texts in it, including those in lists and dictionaries."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return {key: self.apply(each) for key, each in value.items()}
        return [self.apply(each) for each in value] if isinstance(value, list | tuple) else value

    @property
    def named(self) -> str:
        """The code points of the characters that were replaced, such as `U+1F44D`, separated by commas."""
        return ", ".join(f"U+{ord(each):04X}" for each in sorted(self.replaced))

    def _text(self, text: str) -> str:
        if text.isascii() and text.isprintable():
            return text
        if self._strict:
            return "".join(self._strictly(unicodedata.normalize("NFC", text)))
        return _uncovered().sub(self._replace, text)

    def _strictly(self, text: str) -> Iterator[str]:
        for each in text:
            if SAFE.match(each):
                yield each
            else:
                self.replaced.add(each)
                yield SUBSTITUTE

    def _replace(self, match: re.Match[str]) -> str:
        self.replaced.add(match[0])
        return SUBSTITUTE
