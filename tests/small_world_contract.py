"""The small world's contract with a stop-loss, shares, outcomes and payments on account, for tests of its terms."""

from workflow.small_world import CONTRACT_TEXT
from yoc.contract import ActivityContract, read_activity_contract

TERMS = """\
terms:
  - {id: budget, kind: capitation}
  - {id: cost, kind: activity_cost}
  - {id: high_cost, kind: stop_loss, threshold: £100, share: 80%, borne_by: C}
  - {id: balance, kind: balance, base: budget}
  - id: share
    kind: bands
    on: balance
    base: budget
    gain: [{to: 5%, host_share: 100%}, {from: 5%, host_share: SHARE}]
    loss: [{to: 5%, host_share: 100%}, {from: 5%, host_share: SHARE}]
  - {id: outcomes, kind: outcomes, base: budget, at_risk: 2%, weights: {waits: 100%}}
  - {id: paid, kind: on_account}
"""


def contract_of(share: str) -> ActivityContract:
    """The contract in which a host keeps, and bears, this share of what is over 5% of its budget."""
    text = CONTRACT_TEXT[: CONTRACT_TEXT.index("terms:\n")] + TERMS.replace("SHARE", share)
    return read_activity_contract(text, "contract.yaml")[0]
