"""The contract language: a typed model read from YAML, rules over people and lines, the budget, the terms. Pure."""

from yoc.contract.model import Contract, Party, Role, Route, Status, read_contract
from yoc.contract.position import Line, Position
