"""The documentation tells the truth where a machine can see it: links lead somewhere, commands exist, nothing private."""

from __future__ import annotations

import argparse
import re
import shlex
import subprocess
import unicodedata
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from haicap.interfaces.cli.main import parser
from haicap.kernel.db.home import CHECKOUT

PAGES = sorted([*CHECKOUT.glob("*.md"), *(CHECKOUT / "docs").rglob("*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^\s*```(\w*)\n(.*?)^\s*```", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(r"(?:^|[\s`(])(?:[A-Z_]+=\S+ )*\./haicap((?: +[^\n`#;|&()]+)?)")
PLACEHOLDERS = {"ID": "1", "TEST": "x", "DATE": "2025-07-01"}
# Machine paths, other places' papers, tracebacks of somebody's laptop.
PRIVATE = re.compile(r"/work/|/root/|/home/|\.\./shared|/tmp/|Users[/\\]", re.IGNORECASE)
ids = [str(page.relative_to(CHECKOUT)) for page in PAGES]


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as forges make them."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    titles = re.findall(r"^#{1,6} +(.+)$", text, re.MULTILINE)
    plain = (
        re.sub(r"[^\w\s-]", "", re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", title)).strip().lower() for title in titles
    )
    return {title.replace(" ", "-") for title in plain}


def _leads_somewhere(page: Path, target: str) -> bool:
    """True for another host's address, a file or folder of the project, or a heading of a page."""
    address = urlsplit(target)
    if address.scheme or address.netloc:
        return True
    there = (page.parent / unquote(address.path)).resolve() if address.path else page
    if not there.is_relative_to(CHECKOUT) or not there.exists():
        return False
    return not address.fragment or there.suffix != ".md" or unquote(address.fragment) in _anchors(there)


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_relative_link_leads_somewhere(page):
    targets = LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
    assert not [target for target in targets if not _leads_somewhere(page, target)]


def _commands(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    return [found.strip() for found in COMMAND.findall(text)]


def _parsed(grammar: argparse.ArgumentParser, words: list[str]) -> str:
    """Empty where the command line understands `words`, else what it says. A command may be named without its operands."""
    if not words or words[0] in {"test", "…", "--version", "--help"}:
        return ""
    commands = grammar
    at = 0
    while True:
        choices = next((a.choices for a in commands._actions if isinstance(a, argparse._SubParsersAction)), None)
        if choices is None or at == len(words):
            break
        if words[at] not in choices:
            return f"no command {' '.join(words[: at + 1])}"
        commands, at = choices[words[at]], at + 1
    if at == len(words):  # named in a sentence
        return ""
    try:
        _, rest = commands.parse_known_args(words[at:])
    except SystemExit:
        return "its operands are not understood"
    return f"not understood: {rest}" if rest else ""


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_command_exists_as_it_is_written(page, capsys):
    grammar, wrong = parser(), []
    for command in _commands(page):
        words = [PLACEHOLDERS.get(word, word) for word in shlex.split(command)]
        if said := _parsed(grammar, words):
            wrong.append((command, said))
    assert not wrong, capsys.readouterr().err


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_nothing_private_and_no_mixed_letters(page):
    text = page.read_text(encoding="utf-8")
    assert not PRIVATE.findall(text)
    assert unicodedata.is_normalized("NFC", text)


def test_the_two_commands_stand_at_the_very_top():
    top = (CHECKOUT / "README.md").read_text(encoding="utf-8")[:400]
    assert "./haicap demo" in top
    assert "./haicap test" in top


def test_every_page_is_reached_from_the_readme():
    seen, waiting = set(), [CHECKOUT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen:
            continue
        seen.add(page)
        for target in LINK.findall(page.read_text(encoding="utf-8")):
            path = urlsplit(target)
            if (
                not path.scheme
                and path.path.endswith(".md")
                and (there := (page.parent / path.path).resolve()).exists()
            ):
                waiting.append(there)
    lost = {page for page in PAGES if page.is_relative_to(CHECKOUT / "docs")} - seen
    assert not lost


def test_the_picture_names_are_those_that_the_command_takes():
    source = (CHECKOUT / "src/haicap/interfaces/cli/screenshots.py").read_text(encoding="utf-8")
    names = set(re.findall(r'^        "([a-z-]+)": \(', source, re.MULTILINE))
    used = {
        Path(target).stem.rsplit("-", 1)[0]
        for page in PAGES
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if "pictures/" in target
    }
    assert used
    assert used <= names


def test_no_page_is_tracked_twice_in_different_case():
    done = subprocess.run(["git", "ls-files", "docs"], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    files = done.stdout.split("\n") if done.returncode == 0 else []
    assert len({name.lower() for name in files}) == len(files)


THREATS = CHECKOUT / "docs" / "administrators" / "threat-model.md"
NAMED_TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


def test_each_threat_names_a_test_that_exists():
    rows = [
        line for line in THREATS.read_text(encoding="utf-8").splitlines() if line.startswith("| ") and ".py" in line
    ]
    assert len(rows) > 30
    for row in rows:
        named = NAMED_TEST.findall(row)
        assert named, f"this threat names no test: {row}"
        for file, name in named:
            text = (CHECKOUT / file).read_text(encoding="utf-8")
            assert f"\ndef {name}(" in text, f"{file} has no test {name}"


def test_the_paths_that_developers_are_sent_to_exist():
    text = (CHECKOUT / "docs/developers/security.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:tests|kernel|domain|interfaces|flows)/[\w/]+(?:\.py|/))`", text))
    assert named
    lost = {
        name for name in named if not (CHECKOUT / ("" if name.startswith("tests/") else "src/haicap") / name).exists()
    }
    assert not lost
