"""Reading: from a file, a folder, JSON Lines, HTML or standard input to `Document`.

What a page says about a text (title, dates, dateline, byline) is read off it, and what is
not prose is left out of `Document.body`; the text itself stays whole, so that offsets hold.
The only room that knows encodings and page furniture.
"""

from __future__ import annotations

from kg.text.document import from_text
from kg.text.offsets import OffsetMap, offset_map
from kg.text.sources import Skipped, read

__all__ = ["OffsetMap", "Skipped", "from_text", "offset_map", "read"]
