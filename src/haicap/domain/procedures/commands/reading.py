"""Reading a catalogue in YAML: one file, or a folder whose files share areas, laws, sets and step plans."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from haicap.domain.procedures.commands.expanding import Shared, competence_of, rows_of
from haicap.domain.procedures.commands.nodes import Catalogue, Node
from haicap.domain.procedures.errors import FileUnreadable
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format

PACKAGED = Path(__file__).resolve().parents[1] / "data" / "procedures"
PACKAGED_COMPETENCE = PACKAGED.parent / "competence.yaml"
LARGEST = 20 * 2**20
DEEPEST = 40
LISTS = ("procedures", "competence")
SECTIONS = (
    "areas", "sources", "laws", "periods", "choice_sets", "field_sets", "paper_sets", "step_plans", "defaults"
)  # fmt: skip
_FLOAT = "tag:yaml.org,2002:float"


class _Loader(yaml.SafeLoader):
    """Mappings know their line; 1.000600 stays a text, so that no code loses a zero."""

    file_name = ""

    def compose_node(self, parent: Any, index: Any) -> Any:
        self.depth = getattr(self, "depth", 0) + 1
        if self.depth > DEEPEST:
            raise yaml.YAMLError("nested too deep")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _FLOAT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _mapping(loader: _Loader, node: Any) -> Any:
    line = node.start_mark.line + 1
    keys = [key.value for key, _ in node.value if isinstance(key.value, str)]
    twice = sorted({key for key in keys if keys.count(key) > 1 and key != "<<"})
    if twice:
        raise yaml.constructor.ConstructorError(None, None, f"key {twice[0]!r} stands twice", node.start_mark)
    loader.flatten_mapping(node)
    made = Node(where=f"{loader.file_name}:{line}")
    yield made
    made.update({str(key): value for key, value in loader.construct_mapping(node, deep=True).items()})


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def read_yaml(path: Path) -> Catalogue:
    """The catalogue of a file or a folder; raises FileUnreadable where it is no YAML of this kind."""
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    documents = [(file.name, _document(file)) for file in files]
    if not documents:
        raise FileUnreadable(file=path.name, reason=bi("thư mục không có tệp .yaml.", "the folder has no .yaml file."))
    catalogue = Catalogue()
    shared = Shared({name: {} for name in SECTIONS}, catalogue.problems)
    for name, document in documents:
        _take_sections(name, document, shared, catalogue)
    for name, document in documents:
        for entry in _entries(name, document, "procedures", catalogue):
            catalogue.rows += rows_of(entry, shared)
    _take_competence(documents, shared, catalogue)
    catalogue.areas = shared.sections["areas"]
    return catalogue


def _entries(name: str, document: Node, key: str, catalogue: Catalogue) -> Iterator[Node]:
    entries = document.get(key) or []
    if not isinstance(entries, list):
        sentence = bi("“{key}” phải là danh sách.", "“{key}” must be a list.")
        catalogue.problems.append(Problem(name, bi_format(sentence, key=key)))
        return
    for place, entry in enumerate(entries):
        if isinstance(entry, Node):
            yield entry
        else:
            sentence = bi("mục thứ {n} không phải là một thủ tục.", "item {n} is not a procedure.")
            catalogue.problems.append(Problem(name, bi_format(sentence, n=place + 1)))


def _take_competence(documents: list[tuple[str, Node]], shared: Shared, catalogue: Catalogue) -> None:
    """Who decides; laws and sources may be those of the catalogue that HaiCap ships."""
    entries = [entry for name, document in documents for entry in _entries(name, document, "competence", catalogue)]
    if entries:
        shipped = read_yaml_sections("laws", "sources")
        known = {name: {**shipped[name], **shared.sections[name]} for name in shipped}
        for entry in entries:
            catalogue.competence += competence_of(entry, Shared({**shared.sections, **known}, shared.problems))


def read_yaml_sections(*names: str) -> dict[str, dict[str, Any]]:
    """Sections of the catalogue that HaiCap ships, for files that may name them (the step plans of a workbook)."""
    document = _document(PACKAGED / "00-common.yaml")
    return {name: document[name] for name in names}


def _take_sections(name: str, document: Node, shared: Shared, catalogue: Catalogue) -> None:
    for key, value in document.items():
        if key in LISTS:
            continue
        if key not in SECTIONS or not isinstance(value, dict):
            sentence = bi("phần “{key}” không có trong mẫu.", "there is no section “{key}” in the template.")
            catalogue.problems.append(Problem(name, bi_format(sentence, key=str(key)[:40])))
            continue
        shared.sections[key].update(value)


def _document(file: Path) -> Node:
    try:
        if file.stat().st_size > LARGEST:
            raise FileUnreadable(file=file.name, reason=bi("tệp quá lớn.", "it is too large."))
        loader = _Loader(file.read_bytes().decode("utf-8-sig"))
        loader.file_name = file.name
        document = loader.get_single_data()
    except (OSError, UnicodeError) as error:
        raise FileUnreadable(file=file.name, reason=f"{type(error).__name__}.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f"{mark.line + 1}: " if mark else ""
        reason = f"{line}{getattr(error, 'problem', None) or 'YAML'}."
        raise FileUnreadable(file=file.name, reason=reason) from error
    if not isinstance(document, Node):
        raise FileUnreadable(file=file.name, reason=bi("thiếu phần “procedures”.", "it has no “procedures”."))
    return document
