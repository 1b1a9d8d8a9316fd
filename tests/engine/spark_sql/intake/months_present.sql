SELECT DISTINCT
  c.provider,
  p.period - :first_period + 1 AS month
FROM line_part AS p
JOIN combination AS c
  ON c.combination_id = p.combination_id
WHERE
  NOT p.superseded AND p.period BETWEEN :first_period AND :first_period + 11
ORDER BY
  c.provider NULLS LAST,
  month NULLS LAST
