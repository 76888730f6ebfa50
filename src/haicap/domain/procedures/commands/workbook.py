"""The catalogue as a workbook."""

from __future__ import annotations

from pathlib import Path

from haicap.domain.procedures.commands.nodes import Catalogue


def read_workbook(path: Path) -> Catalogue:
    raise NotImplementedError


def write_template(path: Path) -> None:
    raise NotImplementedError
