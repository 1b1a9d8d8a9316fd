SELECT
  c.provider,
  l.period - :first_period + 1 AS month
FROM line AS l
JOIN combination AS c
  USING (combination_id)
WHERE
  NOT l.superseded AND l.period BETWEEN :first_period AND :first_period + 11
GROUP BY ALL
ORDER BY
  c.provider NULLS LAST,
  month NULLS LAST
