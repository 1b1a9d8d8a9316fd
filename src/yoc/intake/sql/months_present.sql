-- The months of the year for which each provider has at least one line that no later load superseded.
SELECT DISTINCT c.provider, p.period - $first_period + 1 AS month
FROM line_part p JOIN combination c ON c.combination_id = p.combination_id
WHERE NOT p.superseded AND p.period BETWEEN $first_period AND $first_period + 11
ORDER BY c.provider, month
