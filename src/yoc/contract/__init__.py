"""The contract language: a typed model read from YAML, rules over people and lines, the budget, the terms. Pure."""

from yoc.contract.model import ActivityContract, Contract, Party, Role, Route, Status
from yoc.contract.position import Line, Position
from yoc.contract.reading import read_activity_contract, read_contract, read_placed_contract
