"""Indicators: what is measured, and the score from 0 to 1 that a result earns. Pure."""

from yoc.outcomes.catalogue import Catalogue, Indicator, read_catalogue
