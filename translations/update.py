"""Brings the Chinese catalogue in step with the code: `./run translate`. New sentences appear empty, to be written."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polib
from babel.messages.extract import extract_from_dir

ROOT: Final = Path(__file__).parent.parent
CATALOGUE: Final = ROOT / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
METHODS: Final = [("registry/**.py", "python"), ("registry/**/templates/**.html", "jinja2")]
KEYWORDS: Final = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
}
Key = tuple[str | None, str]


def in_code() -> dict[Key, str]:
    """Return what the code says: context and sentence → its plural, or nothing."""
    found: dict[Key, str] = {}
    for _, _, message, _, context in extract_from_dir(str(ROOT), METHODS, keywords=KEYWORDS):
        singular, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
        found[context, singular] = found.get((context, singular)) or plural
    return found


def update(path: Path = CATALOGUE) -> list[str]:
    """Write and compile the catalogue; returns the sentences that still want their Chinese."""
    old = {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(path))}
    new = polib.POFile(wrapwidth=0)
    new.metadata = {
        "Language": "zh_Hans_CN",
        "Content-Type": "text/plain; charset=utf-8",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for (context, message), plural in sorted(in_code().items(), key=lambda item: (item[0][1], item[0][0] or "")):
        kept = old.get((context, message))
        entry = polib.POEntry(msgctxt=context, msgid=message, msgid_plural=plural)
        if plural:
            entry.msgstr_plural = (kept.msgstr_plural if kept else None) or {0: ""}
        else:
            entry.msgstr = kept.msgstr if kept else ""
        new.append(entry)
    new.save(str(path))
    new.save_as_mofile(str(path.with_suffix(".mo")))
    return [entry.msgid for entry in new if not entry.translated()]


if __name__ == "__main__":
    for sentence in update():
        print(f"not yet in Chinese: {sentence}")
