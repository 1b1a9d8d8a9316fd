"""A progress bar for each stage on stderr; nothing where stderr is not a terminal."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class TerminalProgress:
    """Stages on a terminal, one bar each, which stay when they are done."""

    def __init__(self, console: Console):
        self._console = console

    def stage(self, title: str, steps: int) -> AbstractContextManager[Callable[[], None]]:
        """One stage's bar."""
        return self._bar(title, steps)

    @contextmanager
    def _bar(self, title: str, steps: int) -> Iterator[Callable[[], None]]:
        columns = (TextColumn(f"{title:<24}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._console, disable=not self._console.is_terminal) as progress:
            task = progress.add_task(title, total=steps)
            yield lambda: progress.advance(task)
            progress.update(task, completed=steps)
