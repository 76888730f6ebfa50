"""What an installation is told by its environment: secrets, also from files, and whole numbers, judged as they are read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

LARGEST_SECRET = 64 * 1024
_FOR_ALL = stat.S_IROTH | stat.S_IWOTH


class SettingRefused(ImproperlyConfigured):
    """A variable that cannot be used; the text says which and what to do."""

    def sentence(self) -> str:
        """The text, for the command line's one line."""
        return str(self)


def secret(name: str) -> str:
    """The secret `name` from the variable itself, or from the file that `<name>_FILE` names; empty where neither is set.

    A file is read whole, without the line's end. Raises SettingRefused for both at once, for a file that is missing,
    empty, not a text, or open to everybody on the machine.
    """
    text, path = os.environ.get(name, ""), os.environ.get(f"{name}_FILE", "")
    if text and path:
        raise SettingRefused(f"{name} and {name}_FILE are both set. Keep one of them: the file is the safer place.")
    return _read(f"{name}_FILE", Path(path)) if path else text


def is_given(name: str) -> bool:
    """True where the secret `name` is set, in either way. Does not read the file."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))


def whole(name: str, default: int, *, least: int = 0, most: int) -> int:
    """The whole number in the variable `name`, from `least` to `most`; `default` where it is not set. Raises SettingRefused."""
    text = os.environ.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 9 or not least <= int(text) <= most:
        raise SettingRefused(f"{name} is “{text}”: write a whole number from {least} to {most}.")
    return int(text)


def _read(name: str, path: Path) -> str:
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise SettingRefused(f"{name}: {path} is not a file.")
        if mode & _FOR_ALL:
            raise SettingRefused(
                f"{name}: everybody on this machine may read or change {path} (mode {stat.S_IMODE(mode):04o}). "
                f"Run: chmod o= {path}"
            )
        with path.open("rb") as file:
            content = file.read(LARGEST_SECRET + 1)
    except OSError as error:
        raise SettingRefused(
            f"{name}: {path} cannot be read ({error.strerror}). Check the path and its owner."
        ) from None
    if len(content) > LARGEST_SECRET:
        raise SettingRefused(f"{name}: {path} is larger than {LARGEST_SECRET // 1024} KiB. Is it the right file?")
    try:
        text = content.decode().rstrip("\r\n")
    except UnicodeDecodeError:
        text = ""
    if not text or "\0" in text:
        raise SettingRefused(f"{name}: {path} is empty or not a text in UTF-8. Write the secret into it, one line.")
    return text
