"""A second synthetic year that holds every kind of national file, in every container, with every known fault.

It is small, so that a test can read it all, and made from the same people, prices and lines as the main sample.
"""

from yoc.synth.national.sample import generate_every_file

__all__ = ["generate_every_file"]
