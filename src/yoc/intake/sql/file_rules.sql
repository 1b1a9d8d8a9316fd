-- Which rule gave the rows of a file their period.
SELECT period_rule, count(*) AS rows FROM read_line WHERE fault = '' GROUP BY period_rule ORDER BY period_rule
