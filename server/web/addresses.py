"""Numbers in addresses have fifteen digits at most: one of thousands would be an error where Python reads it."""

from __future__ import annotations

from starlette.convertors import IntegerConvertor, register_url_convertor


class BoundedNumber(IntegerConvertor):
    """Longer numbers match no address, so that the answer is a 404."""

    regex = "[0-9]{1,15}"


register_url_convertor("int", BoundedNumber())
