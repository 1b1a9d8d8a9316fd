"""Laws of which one example settles whole files, or thousands of positions, are tried on a third of the examples.

In every run of the tests the time goes to these; `make fuzz` tries them on for as long as it is asked to.
"""

from hypothesis import settings

few_examples = settings(max_examples=max(2, settings().max_examples // 3))
