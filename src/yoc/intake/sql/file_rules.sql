-- Which rule gave the rows of each file their period.
SELECT file_id, period_rule, count(*) AS rows
FROM read_line WHERE fault = '' GROUP BY file_id, period_rule ORDER BY file_id, period_rule
