"""The steps between versions of the store, and what every table of it has."""
