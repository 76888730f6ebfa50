"""A file of addresses on its way in: written once, into the house's own directory, never past the limit."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

from haicap.domain.units.commands.conversion import jobs


class Arriving(FileUploadHandler):
    """Takes the first file of the form to `path`; whoever sent the request calls `clean`, whatever came of it.

    Django's own handlers would leave what people sent in a public temporary directory where a process dies.
    """

    chunk_size = 2**18

    def __init__(self, request: HttpRequest, most: int) -> None:
        super().__init__(request)
        self.most = most
        self.path: Path | None = None
        self.target: IO[bytes] | None = None
        self.too_large = False
        self.column = ""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open a place for the first file; others are passed over."""
        super().new_file(*args, **kwargs)
        if self.path is not None:
            raise SkipFile
        self.path = jobs.incoming()
        self.target = self.path.open("xb")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write it, up to the limit; the rest of the body is read and dropped, so that a page can say why."""
        if start + len(raw_data) > self.most:
            self.too_large = True
            raise StopUpload
        if self.target is not None:
            self.target.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        """The form's entry; its bytes lie at `path`."""
        if self.target is None or self.target.closed:
            return None
        self.target.close()
        return UploadedFile(file=io.BytesIO(), name=self.file_name, size=file_size)

    def clean(self) -> None:
        """Remove what was not handed on."""
        if self.target is not None:
            self.target.close()
        if self.path is not None:
            with contextlib.suppress(FileNotFoundError):
                self.path.unlink()
