"""How much anybody may send at once: said before it is read, and stopped at the limit whatever was said."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES = 21_000_000  # of one request: the sheets' own 20 MB, and the form around them


class Limited(FileUploadHandler):
    """Stands before the handlers that keep: refuses a request that is too large, by its header and by its bytes."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.seen = 0

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        if content_length > MOST_BYTES:
            raise RequestDataTooBig("upload")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.seen += len(raw_data)
        if self.seen > MOST_BYTES:
            raise RequestDataTooBig("upload")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
