-- The months of the year for which each provider has at least one line that no later load superseded.
SELECT c.provider, l.period - $first_period + 1 AS month
FROM line l JOIN combination c USING (combination_id)
WHERE NOT l.superseded AND l.period BETWEEN $first_period AND $first_period + 11
GROUP BY ALL ORDER BY c.provider, month
