-- How many rows of each statement and list of invoices a later load superseded, and the money on them.
SELECT file_id, count(*) AS superseded, CAST(sum(pence) AS BIGINT) AS superseded_pence
FROM (SELECT file_id, pence, superseded FROM statement UNION ALL SELECT file_id, pence, superseded FROM invoice)
WHERE superseded GROUP BY file_id ORDER BY file_id
