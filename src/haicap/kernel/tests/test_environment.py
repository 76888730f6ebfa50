"""Secrets from the environment or from files; what is wrong with a file is said in one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from haicap.kernel import environment
from haicap.kernel.environment import SettingRefused, secret, whole

NAME = "HAICAP_SECRET_KEY"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "key"
    path.write_text("một câu rất dài\n")
    path.chmod(0o400)
    monkeypatch.delenv(NAME, raising=False)
    monkeypatch.setenv(f"{NAME}_FILE", str(path))
    return path


def test_a_secret_comes_from_its_variable_or_its_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert secret(NAME) == "một câu rất dài" and environment.is_given(NAME)
    monkeypatch.delenv(f"{NAME}_FILE")
    assert secret(NAME) == "" and not environment.is_given(NAME)
    monkeypatch.setenv(NAME, "im Klartext")
    assert secret(NAME) == "im Klartext"


def test_both_at_once_are_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "x")
    with pytest.raises(SettingRefused, match="are both set"):
        secret(NAME)


@pytest.mark.parametrize(
    ("mode", "well"), [(0o400, True), (0o440, True), (0o600, True), (0o444, False), (0o602, False)]
)
def test_a_file_that_everybody_may_read_or_change_is_refused(file: Path, mode: int, well: bool) -> None:
    file.chmod(mode)
    if well:
        assert secret(NAME)
        return
    with pytest.raises(SettingRefused, match=r"chmod o= "):
        secret(NAME)


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "empty"), (b"\n", "empty"), (b"\xff\xfe", "UTF-8"), (b"a\0b", "UTF-8"), (b"x" * 70_000, "larger")],
)
def test_a_file_without_a_secret_in_it_is_refused(file: Path, content: bytes, says: str) -> None:
    file.chmod(0o600)
    file.write_bytes(content)
    with pytest.raises(SettingRefused, match=says):
        secret(NAME)


def test_a_missing_file_and_a_directory_are_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{NAME}_FILE", str(file.parent / "khong-co"))
    with pytest.raises(SettingRefused, match="khong-co cannot be read"):
        secret(NAME)
    monkeypatch.setenv(f"{NAME}_FILE", str(file.parent))
    with pytest.raises(SettingRefused, match="is not a file"):
        secret(NAME)


@pytest.mark.parametrize("text", ["-1", "11", "1.5", "²", "x", "99999999999"])
def test_a_number_out_of_bounds_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAICAP_TRUSTED_PROXIES", text)
    with pytest.raises(SettingRefused, match="whole number from 0 to 10"):
        whole("HAICAP_TRUSTED_PROXIES", 0, most=10)


def test_production_reads_all_of_them_from_files_and_tells_the_secret_nowhere(tmp_path: Path) -> None:
    """The real settings in a process of their own, the database's address from a file too."""
    for name, text in (("key", "k" * 50), ("url", "postgresql://haicap_app:mat-khau@db:5432/haicap"),
                       ("old", "o" * 41), ("owner", "postgresql://haicap_owner:chu@db:5432/haicap")):  # fmt: skip
        (tmp_path / name).write_text(text + "\n")
        (tmp_path / name).chmod(0o600)
    told = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("HAICAP", "DATABASE", "DJANGO"))},
        "DJANGO_SETTINGS_MODULE": "haicap.config.settings.production", "HAICAP_BASE_URL": "https://x.example.gov.vn",
        "HAICAP_HOME": str(tmp_path / "home"), "HAICAP_SECRET_KEY_FILE": str(tmp_path / "key"),
        "HAICAP_OLD_SECRET_KEY_FILE": str(tmp_path / "old"),
        "DATABASE_URL_FILE": str(tmp_path / "url"), "HAICAP_OWNER_DATABASE_URL_FILE": str(tmp_path / "owner"),
    }  # fmt: skip
    ask = (
        "from django.conf import settings as s; d = s.DATABASES;"
        "print(len(s.SECRET_KEY), [len(one) for one in s.SECRET_KEY_FALLBACKS], "
        "d['default']['USER'], d['owner']['USER'], d['owner']['PASSWORD'], s.HAICAP_TRUSTED_PROXIES)"
    )
    done = subprocess.run([sys.executable, "-c", ask], env=told, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["50", "[41]", "haicap_app", "haicap_owner", "chu", "1"], done.stderr
    (tmp_path / "url").chmod(0o644)
    done = subprocess.run(
        [sys.executable, "-m", "haicap", "check"], env=told | {"HAICAP_SETTINGS": "production"}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1 and "mat-khau" not in done.stderr
    assert done.stderr.startswith("haicap: DATABASE_URL_FILE: everybody on this machine may read or change"), (
        done.stderr
    )
    assert done.stderr.count("\n") == 1
