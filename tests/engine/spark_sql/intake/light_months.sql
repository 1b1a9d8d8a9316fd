WITH counted AS (
  SELECT
    c.provider,
    c.data_set,
    l.period,
    CAST(SUM(l.lines) AS BIGINT) AS lines
  FROM line_part AS l
  JOIN combination AS c
    ON c.combination_id = l.combination_id
  WHERE
    NOT l.superseded AND l.period BETWEEN :first_period AND :last_period
  GROUP BY
    c.provider,
    c.data_set,
    l.period
), beside AS (
  SELECT
    *,
    CAST(SUM(lines) OVER whole AS BIGINT) - lines AS other_lines,
    COUNT(*) OVER whole - 1 AS other_months,
    MAX(period) OVER whole AS newest
  FROM counted
  WINDOW whole AS (PARTITION BY provider, data_set)
)
SELECT
  provider,
  data_set,
  period,
  lines,
  other_lines,
  other_months
FROM beside
WHERE
  period = newest
  AND other_months > 0
  AND other_lines >= :fewest * other_months
  AND lines * other_months * :whole < other_lines * :part
ORDER BY
  provider NULLS LAST,
  data_set NULLS LAST
