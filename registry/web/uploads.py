"""Files that people send: which views take one, how large it may be, and the field of a form that holds it."""

from __future__ import annotations

from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar

from flask import Request, current_app, g, request
from wtforms import FileField
from wtforms.validators import StopValidation

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask
    from werkzeug.datastructures import FileStorage

View = TypeVar("View", bound="Callable[..., Any]")
LARGEST_FILE: Final = 10 * 1024 * 1024  # told at the field
LARGEST_SENT: Final = 2 * LARGEST_FILE  # read at all; beyond it the connection is answered without reading on
TAKES_FILE: Final = "__takes_file__"


class InMemory(Request):
    """A request whose files are kept in memory: no temporary folder ever holds what a family said."""

    def _get_file_stream(self, *_told: Any, **_said: Any) -> IO[bytes]:  # noqa: ANN401 -- as Werkzeug declares it
        return BytesIO()


def takes_file(view: View) -> View:
    """Stamp a view that takes a file from people who are signed in; any other form stays small."""
    setattr(view, TAKES_FILE, True)
    return view


class SentFile(FileField):  # type: ignore[misc]  # WTForms ships no types
    """One file; `data` is its bytes, or None when none was chosen, `name` what its owner called it.

    `missing` and `too_big` are the messages for no file (or an empty one, which old phones send in its place)
    and for one larger than LARGEST_FILE. What kind it is says its content alone.
    """

    def __init__(
        self,
        label: Any = None,  # noqa: ANN401
        validators: Sequence[Any] | None = None,
        *,
        missing: Any,  # noqa: ANN401
        too_big: Any,  # noqa: ANN401
        **kwargs: Any,  # noqa: ANN401
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.missing, self.too_big = missing, too_big
        self.data: bytes | None = None
        self.filename = ""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:  # noqa: ANN401, ARG002
        """Read the file that was sent under this name."""
        self.process_errors: list[str] = []
        self.object_data = self.data = None
        sent: FileStorage | None = request.files.get(self.name) if formdata is not None else None
        if sent is not None and sent.filename:
            self.filename = sent.filename
            self.data = sent.stream.read(LARGEST_FILE + 1)
        self.raw_data = [self.data] if self.data else []

    def pre_validate(self, form: Any) -> None:  # noqa: ANN401, ARG002
        """Refuse no file, and one that is too large."""
        if not self.data:
            raise StopValidation(str(self.missing))
        if len(self.data) > LARGEST_FILE:
            raise StopValidation(str(self.too_big))


def _let_in() -> None:
    """Before the form is read: who is signed in may send a file to a view that takes one."""
    view = current_app.view_functions.get(request.endpoint or "")
    if g.get("viewer") and getattr(view, TAKES_FILE, False):
        request.max_content_length = LARGEST_SENT


def init_app(app: Flask) -> None:
    """Keep files in memory, and let larger ones in where one is asked for. Belongs before whatever reads the form."""
    app.request_class = InMemory
    app.before_request(_let_in)
