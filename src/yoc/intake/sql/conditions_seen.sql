-- Which of the contract's conditions the conditions file names at all.
SELECT DISTINCT bit FROM read_condition WHERE bit IS NOT NULL ORDER BY bit
