"""A synthetic contract year: people, practices, monthly activity files and the faults that real feeds have.

No row describes anyone: every person, practice, organisation and amount is made up. The same seed and sizes give
the same bytes everywhere, and every fault that was planted is counted in ``planted_faults.csv``.
"""

from yoc.synth.national import generate_every_file
from yoc.synth.national.sample import EVERY_FILE_SIZES
from yoc.synth.prices import MissingPrice
from yoc.synth.sample import generate
from yoc.synth.sizes import Sizes
from yoc.synth.whole import DestinationInUse

__all__ = ["EVERY_FILE_SIZES", "DestinationInUse", "MissingPrice", "Sizes", "generate", "generate_every_file"]
