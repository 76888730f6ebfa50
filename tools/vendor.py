#!/usr/bin/env python3
"""Foreign styles, scripts, fonts and icons: fetched once, locked by hash, committed; nobody needs node to run HaiCap.

    tools/vendor.py bundle   put our own and the vendored sources together: app.css, app.js (no network)
    tools/vendor.py check    re-hash every vendored file against vendor.lock, and see that the bundles are fresh (no network)
    tools/vendor.py fetch    get the packages named in vendor.lock with npm (no install scripts), refuse another integrity,
                             copy the files that we use, write their hashes, and bundle
    tools/vendor.py fetch --update   the same, and accept new versions of PACKAGES into vendor.lock

`fetch` needs node and npm; it works in a temporary directory and leaves nothing there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "src/haicap/kernel/web"
STATIC = WEB / "static/haicap"
VENDOR = STATIC / "vendor"
LOCK = ROOT / "vendor.lock"
THEME = ROOT / "tools/designsystemet.config.json"

PACKAGES = {
    "@digdir/designsystemet": "1.15.0",
    "@digdir/designsystemet-css": "1.22.0",
    "@fontsource/be-vietnam-pro": "5.3.0",
    "htmx.org": "2.0.10",
    "lucide-static": "1.62.0",
}
# (package, file in the package, file in vendor/)
FILES = [
    ("@digdir/designsystemet-css", "dist/src/button.css", "ds-button.css"),
    ("@digdir/designsystemet-css", "dist/src/input.css", "ds-input.css"),
    ("@digdir/designsystemet-css", "dist/src/link.css", "ds-link.css"),
    ("@digdir/designsystemet-css", "LICENSE", "LICENSES/designsystemet.txt"),
    ("@fontsource/be-vietnam-pro", "LICENSE", "LICENSES/be-vietnam-pro.txt"),
    *[
        (
            "@fontsource/be-vietnam-pro",
            f"files/be-vietnam-pro-{part}-{weight}-normal.woff2",
            f"fonts/be-vietnam-pro-{part}-{weight}.woff2",
        )
        for weight in (400, 600)
        for part in ("latin", "vietnamese")
    ],
    ("htmx.org", "dist/htmx.min.js", "htmx.min.js"),
    ("htmx.org", "LICENSE", "LICENSES/htmx.txt"),
    ("lucide-static", "LICENSE", "LICENSES/lucide.txt"),
]
# The icons that pages may name in {% icon "…" %}; lucide's names.
ICONS = """
arrow-down arrow-left arrow-right arrow-up bell building-2 calendar calendar-clock check chevron-down chevron-left
chevron-right circle-alert circle-check circle-help circle-pause circle-user circle-x clipboard-check clipboard-list
clock copy download external-link eye file-check file-plus file-text file-up filter flag folder-open forward gavel
globe hand-coins history house hourglass inbox info keyboard landmark layers list-checks loader-circle lock log-in
log-out mail map-pin menu message-square minus panel-right pause pencil phone play plus printer qr-code refresh-cw
rotate-ccw save scan-line search send settings shield-check signature sliders-horizontal star stamp table ticket
timer trash-2 trending-down trending-up triangle-alert undo-2 upload user user-check users wifi-off x
""".split()  # noqa: SIM905 – a list of words reads best as words
CSS_LAYERS = [
    ("tokens", "static/haicap/vendor/tokens.css"),
    ("base", "styles/10-base.css"),
    ("parts", "static/haicap/vendor/ds-button.css"),
    ("parts", "static/haicap/vendor/ds-input.css"),
    ("parts", "static/haicap/vendor/ds-link.css"),
]
# Our own emblem: a mountain ridge above two lines, the two levels.
MARK = (
    '<symbol id="haicap-mark" viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="3.5" '
    'stroke-linecap="round" stroke-linejoin="round"><path d="M4 16 12 7l5 5.5L21 8l7 8"/><path d="M4 25h24" />'
    '<path d="M9 20.5h14"/></symbol>'
)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def vendored() -> dict[str, str]:
    """Hash of every vendored file, and of the sprite made from vendored icons, by its path under static/haicap."""
    files = [p for p in VENDOR.rglob("*") if p.is_file()] + [STATIC / "icons.svg"]
    return {str(p.relative_to(STATIC)): sha256(p) for p in sorted(files)}


def css() -> str:
    """The one style sheet: tokens, our base, the design system's components, and (unlayered, so they win) our own."""
    layered = [name for _, name in CSS_LAYERS]
    parts = ["@layer tokens, base, parts;"]
    for layer, name in CSS_LAYERS:
        text = (WEB / name).read_text("utf-8").replace('@charset "UTF-8";', "")
        parts.append(f"@layer {layer}{{{text}}}")
    parts += [p.read_text("utf-8") for p in sorted((WEB / "styles").glob("*.css")) if f"styles/{p.name}" not in layered]
    text = re.sub(r"/\*.*?\*/", "", "\n".join(parts), flags=re.S)
    text = re.sub(r"[ \t]*\n\s*", "\n", text)
    return '@charset "UTF-8";\n' + text.strip() + "\n"


def js() -> str:
    """The one script: our modules in the order of their names; each is a function that runs at once."""
    return "".join(p.read_text("utf-8") for p in sorted((WEB / "scripts").glob("*.js")))


def bundle() -> None:
    (STATIC / "app.css").write_text(css(), "utf-8")
    (STATIC / "app.js").write_text(js(), "utf-8")


def problems() -> list[str]:
    """What differs from the lock or is stale; empty when all is well."""
    locked = json.loads(LOCK.read_text("utf-8"))["files"]
    found = vendored()
    names = sorted(locked.keys() | found.keys())
    said = [f"{n}: not as locked in vendor.lock" for n in names if locked.get(n) != found.get(n)]
    for name, text in (("app.css", css()), ("app.js", js())):
        if (STATIC / name).read_text("utf-8") != text:
            said.append(f"{name}: stale, run tools/vendor.py bundle")
    return said


def sprite(icons: Path) -> str:
    """One SVG file with a symbol per icon, stroke and fill inherited from the place of use."""
    symbols = []
    for name in sorted(set(ICONS)):
        inner = re.search(r"<svg[^>]*>(.*)</svg>", (icons / f"{name}.svg").read_text("utf-8"), re.S)
        shapes = re.sub(r"\s+", " ", inner.group(1)).strip().replace(" />", "/>").replace("> <", "><")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{MARK}{"".join(symbols)}</svg>\n'


def run(*command: str, cwd: Path) -> None:
    done = subprocess.run(command, check=False, cwd=cwd, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"vendor: {' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def install(work: Path) -> dict[str, dict[str, str]]:
    """npm packages into `work`; gives name → version and integrity of the packages that we name."""
    (work / "package.json").write_text(json.dumps({"private": True, "dependencies": PACKAGES}))
    run("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", cwd=work)
    tree = json.loads((work / "package-lock.json").read_text())["packages"]
    return {
        n: {"version": tree[f"node_modules/{n}"]["version"], "integrity": tree[f"node_modules/{n}"]["integrity"]}
        for n in PACKAGES
    }


def copy(work: Path) -> None:
    """The files that we use, without source map comments; tokens and sprite made from their packages."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    for package, source, target in FILES:
        out = VENDOR / target
        out.parent.mkdir(parents=True, exist_ok=True)
        data = (work / "node_modules" / package / source).read_bytes()
        if out.suffix in (".css", ".js"):
            data = re.sub(rb"\s*(//[#@] ?sourceMappingURL=.*|/\*[#@] ?sourceMappingURL=.*?\*/)\s*", b"\n", data)
        out.write_bytes(data)
    shutil.copy(THEME, work / "designsystemet.config.json")
    tool = str(work / "node_modules/.bin/designsystemet")
    run(tool, "tokens", "create", cwd=work)
    run(tool, "tokens", "build", "-t", "tokens", "-o", "built", cwd=work)
    shutil.copy(work / "built/haicap.css", VENDOR / "tokens.css")
    (STATIC / "icons.svg").write_text(sprite(work / "node_modules/lucide-static/icons"), "utf-8")


def fetch(update: bool) -> None:
    old = json.loads(LOCK.read_text("utf-8"))["packages"] if LOCK.exists() else {}
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        got = install(work)
        changed = [n for n in got if old.get(n) != got[n]]
        if changed and not update:
            sys.exit(f"vendor: not what vendor.lock names: {', '.join(changed)}. Look at them, then fetch --update.")
        copy(work)
    bundle()
    LOCK.write_text(json.dumps({"packages": got, "files": vendored()}, indent=1) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["bundle", "check", "fetch"])
    parser.add_argument("--update", action="store_true")
    args = parser.parse_args()
    if args.command == "bundle":
        bundle()
    elif args.command == "fetch":
        fetch(args.update)
    else:
        said = problems()
        print("\n".join(said) or "vendor: all files are as locked, the bundles are fresh", file=sys.stderr)
        sys.exit(1 if said else 0)


if __name__ == "__main__":
    main()
