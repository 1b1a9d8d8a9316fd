"""Evidence: what a run was made from, the hashes that prove it, and its files as text."""

from yoc.audit.evidence import (
    evidence_files,
    hash_document,
    input_hashes,
    manifest_totals,
    program_hashes,
    refuse_changed_inputs,
)
