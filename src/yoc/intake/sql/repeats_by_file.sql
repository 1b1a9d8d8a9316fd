-- How many lines of each file repeat an earlier one, of each class, and what was submitted for them.
SELECT file_id, class, count(*) AS lines, CAST(coalesce(sum(submitted_pence), 0) AS BIGINT) AS submitted_pence
FROM repeated_line WHERE place > 1
GROUP BY file_id, class ORDER BY file_id, class
