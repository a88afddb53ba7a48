"""Numbers in addresses have at most fifteen digits: Python refuses to convert thousands of them."""

from __future__ import annotations

from starlette.convertors import IntegerConvertor, register_url_convertor


class BoundedNumber(IntegerConvertor):
    """A path parameter; longer numbers match no route, which gives a 404."""

    regex = "[0-9]{1,15}"


register_url_convertor("int", BoundedNumber())
