"""Sharing the contract's blocks out, once people are counted and lines are read."""

from yoc.activity import Activity
from yoc.contract.blocks import BlockError, BlockShare, share_block
from yoc.core.findings import FindingsError
from yoc.population import Counted
from yoc.workflow.plan import Job

UNITS = {"person_days": "person-days", "quarter_snapshot": "person-quarters", "annual_snapshot": "person-years"}
"""What one unit is called under each way of counting people."""


def share_blocks(job: Job, counted: Counted, activity: Activity) -> tuple[BlockShare, ...]:
    """Every block's value by host and for the rest. Raises ``FindingsError`` with each that cannot be shared out."""
    hosts = [host.code for host in job.contract.hosts]
    shares, findings = [], []
    for place, block in enumerate(job.contract.activity.blocks):
        whole_lines = 0
        if block.key == "lines":
            units = {host: activity.block_lines.get((block.provider, host), 0) for host in hosts}
            whole_lines = sum(
                lines for (provider, _), lines in activity.block_lines.items() if provider == block.provider
            )
        else:
            units = {host: _units(counted, host) for host in hosts}
        try:
            shares.append(share_block(block, hosts, units, whole_lines, UNITS[job.contract.population.counting]))
        except BlockError as error:
            where = ("activity", "blocks", place, "whole" if block.key == "person_days" else "key")
            mend = "correct the block in the contract, or share it by another key"
            findings.append(job.contract_document.finding("TERM-IMPOSSIBLE", str(error), where, mend))
    if findings:
        raise FindingsError(findings)
    return tuple(shares)


def _units(counted: Counted, host: str) -> int:
    """What a host's people counted for, over all segments."""
    people = counted.people[host]
    return sum(people.units(segment) for segment in people.people_by_segment_and_units)
