WITH running AS (
  SELECT
    l.host_id,
    l.segment_id,
    d.setting,
    d.provider,
    l.month,
    l.amount,
    o.threshold,
    SUM(CAST(l.amount AS DECIMAL(38, 0))) OVER (
      PARTITION BY l.person_id
      ORDER BY l.day NULLS LAST, l.line_id NULLS LAST, d.provider NULLS LAST, d.setting NULLS LAST, l.amount NULLS LAST
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS so_far
  FROM judged_line AS l
  JOIN person_over AS o
    ON o.person_id = l.person_id
  JOIN decision AS d
    ON d.combination_id = l.combination_id
  WHERE
    l.fate = 'charged'
), lost AS (
  SELECT
    host_id,
    segment_id,
    setting,
    provider,
    month,
    amount - (
      LEAST(so_far, threshold) - LEAST(so_far - amount, threshold)
    ) AS over
  FROM running
)
SELECT
  host_id,
  segment_id,
  setting,
  provider,
  month,
  CAST(SUM(CAST(over AS BIGINT) DIV 1000000000) AS BIGINT) AS over_high,
  CAST(SUM(over % 1000000000) AS BIGINT) AS over_low
FROM lost
GROUP BY
  host_id,
  segment_id,
  setting,
  provider,
  month
HAVING
  SUM(CAST(over AS DECIMAL(38, 0))) <> 0
ORDER BY
  host_id NULLS LAST,
  segment_id NULLS LAST,
  setting NULLS LAST,
  provider NULLS LAST,
  month NULLS LAST
