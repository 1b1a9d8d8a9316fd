"""How commands speak: results on stdout, everything else on stderr, and how wide a page of text is."""

import os

from rich.console import Console

_WIDEST = 100
_NARROWEST = 40


def say(text: str) -> None:
    """Say something to the user that is no result."""
    Console(stderr=True, soft_wrap=True).print(text, markup=False, highlight=False, emoji=False)


def output() -> Console:
    """Where results go."""
    console = Console()
    # A file or a pipe has no width of its own; COLUMNS decides where it is set.
    return console if console.is_terminal or "COLUMNS" in os.environ else Console(width=110)


def text_width() -> int:
    """How many characters a line of text has: as many as the terminal shows, and no more than are easily read."""
    console = Console()
    own_width = console.is_terminal or "COLUMNS" in os.environ
    return max(min(console.width, _WIDEST), _NARROWEST) if own_width else _WIDEST
