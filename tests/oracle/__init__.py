"""A slow second implementation of a settlement, kept apart from the package that it checks."""
