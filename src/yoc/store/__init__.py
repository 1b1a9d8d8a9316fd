"""The store: what was settled, by whom and when; a journal that only grows; what was believed on any past day."""
