"""A contract that settles a table of hosts and can be worked out by hand: half of what was saved, then a quarter."""

PLAIN = """\
contract: plain
title: Plain
version: "1"
status: live
first_year: 2026/27
years: 2
parties:
  - {code: ICB, name: The board, role: commissioner}
position:
  budget: {kind: money, is: budget}
  spend: {kind: money, is: cost}
values:
  share: {1: 50%, 2: 25%}
terms:
  - {id: saving, kind: balance, of: budget, less: spend}
  - {id: shared, kind: bands, gain: share, loss: share}
  - {id: payment, kind: payment}
"""
