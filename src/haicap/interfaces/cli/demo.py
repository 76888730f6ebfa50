"""`haicap demo`: from nothing to a served province, with what to try first."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from haicap.interfaces.cli.serve import port

Progress = Callable[[str, int, int], None]

WORDS = {
    "database": "cơ sở dữ liệu / database",
    "reset": "xóa bản cũ / removing the old one",
    "calendar": "lịch làm việc / calendar",
    "units": "34 tỉnh, 3.321 xã / units",
    "procedures": "thủ tục / procedures",
    "staff": "cán bộ Sơn La / staff of Sơn La",
    "officials": "hồ sơ cán bộ và vị trí / staff records and posts",
    "training": "đào tạo và chứng thư số / training and certificates",
    "headcount": "biên chế và nghỉ theo sắp xếp / quotas and streamlining",
    "plan": "lập kế hoạch / planning",
    "dossiers": "hồ sơ giả lập / dossiers",
    "statistics": "thống kê, chỉ mục / statistics",
    "seal": "niêm phong nhật ký / sealing",
}


def add_parser(commands: Any) -> None:
    """The grammar of `demo`."""
    parser = commands.add_parser(
        "demo", help="bản trình diễn Sơn La / the Sơn La demonstration, from nothing to a served province",
        description="Makes the database, the nation's units, the catalogue and a staffed Sơn La with synthetic "
        "dossiers, then serves it. The second time it just serves.",
    )  # fmt: skip
    parser.add_argument("--port", type=port, default=8000, help="the port to listen on (8000)")
    parser.add_argument("--no-serve", action="store_true", help="make it, print what to try, and end")
    parser.add_argument("--scale", choices=("small", "full"), help="2,000 dossiers (the default), or 88,300")
    parser.add_argument(
        "--reset", action="store_true", help="take away the demonstration that is there, and begin anew"
    )
    parser.set_defaults(run=run_demo)


def run_demo(args: argparse.Namespace) -> int:
    """Build, tell, serve. OtherScaleThere, NotADemonstration and a port in use refuse."""
    # A command loads Django, and what needs it, only when it runs.
    from haicap.interfaces.cli import boot
    from haicap.interfaces.cli.main import refuse
    from haicap.interfaces.cli.processes import PortTaken, refuse_taken_port, serve_forever

    started = time.monotonic()
    try:
        if not args.no_serve:
            refuse_taken_port("127.0.0.1", args.port)
        with _shown() as progress:
            progress("database", 0, 0)
            boot.django(port=args.port)
            _build(args, progress)
        from haicap.interfaces.cli.preparation import prepare_to_serve

        prepare_to_serve()
        print(f"haicap demo: {time.monotonic() - started:.1f} s", file=sys.stderr)
        tell(f"http://127.0.0.1:{args.port}")
        return 0 if args.no_serve else serve_forever(args.port)
    except PortTaken as taken:
        return refuse(str(taken))


def _build(args: argparse.Namespace, progress: Progress) -> None:
    from haicap.flows.demonstration.build import build
    from haicap.flows.demonstration.reset import reset

    if args.reset:
        progress("reset", 0, 0)
        reset()
    build(args.scale, progress)


def tell(address: str) -> None:
    """Print where to go, who to be, and what to look at, on standard output."""
    from haicap.flows.demonstration.figures import CITIZENS, PROVINCE
    from haicap.flows.demonstration.samples import SHOWN_UNIT, samples
    from haicap.flows.demonstration.staff import COMMUNE_POSTS, PROVINCE_POSTS, password

    lines = [
        "",
        f"  Cổng công dân / portal        {address}/",
        f"  Cán bộ / staff                {address}/desk/",
        f"  Giao diện lập trình / API     {address}/api/v1/docs",
        "",
        f"  Mật khẩu chung / password     {password()}",
        f"  Xã / commune {SHOWN_UNIT}            {'  '.join(f'{word}-{SHOWN_UNIT}' for word, _, _ in COMMUNE_POSTS)}",
        "                                (75 xã, cùng cách đặt tên / the same for all 75 communes)",
        f"  Tỉnh / province               {'  '.join(f'{word}-{PROVINCE}' for word, _, _ in PROVINCE_POSTS)}",
        f"  Công dân / citizens           congdan-1 … congdan-{CITIZENS}",
        "",
        "  Tra cứu thử / dossiers to follow:",
        *(f"    {sample.code}  {sample.state.label}\n      {address}{sample.path}" for sample in samples()),
        "",
        "  Mọi người, số định danh và số điện thoại ở đây đều là giả lập.",
        "  All people, ID numbers and telephone numbers here are synthetic.",
        "",
    ]
    print("\n".join(lines), flush=True)


@contextmanager
def _shown() -> Iterator[Progress]:
    """Progress on standard error: a bar on a terminal, else one line a step."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    # Without a thread of its own: the import forks.
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=16), MofNCompleteColumn(), TimeElapsedColumn())
    with Bars(*columns, console=Console(stderr=True), auto_refresh=False) as bars:
        yield _Bars(bars)


class _Lines:
    """Plain lines: one a step, and one at each quarter of a long one."""

    def __init__(self) -> None:
        self.last = ("", -1)

    def __call__(self, what: str, done: int, of: int) -> None:
        quarter = done * 4 // of if of else 0
        if (what, quarter) != self.last:
            self.last = (what, quarter)
            print(f"haicap demo: {WORDS[what]}{f' {done}/{of}' if of else ''} …", file=sys.stderr, flush=True)


class _Bars:
    """Bars of rich: one a step."""

    def __init__(self, bars: Any) -> None:
        self.bars = bars
        self.tasks: dict[str, Any] = {}

    def __call__(self, what: str, done: int, of: int) -> None:
        for name, task in self.tasks.items():
            if name != what and not self.bars.tasks[task].finished:
                self.bars.update(task, total=1 if self.bars.tasks[task].total is None else None, completed=1)
        if what not in self.tasks:
            self.tasks[what] = self.bars.add_task(WORDS[what], total=of or None)
        self.bars.update(self.tasks[what], completed=done, total=of or None, refresh=True)
