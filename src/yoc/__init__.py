"""Year of Care contract reconciliation for the NHS in England."""

__version__ = "0.1.0"
