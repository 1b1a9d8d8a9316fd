WITH kept AS (
  SELECT
    f.file_id,
    r.period_rule,
    r.point_of_delivery_rule,
    r.practice_rule,
    r.amount_rule,
    r.not_counted,
    r.submitted_pence
  FROM canonical AS r
  JOIN activity_file AS f
    ON f.canonical = r.filename
  WHERE
    r.fault = '' OR (
      :blank_total_kept AND r.fault = 'total cost is blank'
    )
), counted AS (
  SELECT
    file_id,
    period_rule,
    point_of_delivery_rule,
    practice_rule,
    amount_rule,
    not_counted,
    COUNT(*) AS rows,
    CAST(COALESCE(SUM(submitted_pence), 0) AS BIGINT) AS pence
  FROM kept
  GROUP BY ALL
), told AS (
  SELECT
    file_id,
    'period' AS what,
    period_rule AS rule,
    rows,
    pence
  FROM counted
  UNION ALL
  SELECT
    file_id,
    'point_of_delivery',
    point_of_delivery_rule,
    rows,
    pence
  FROM counted
  UNION ALL
  SELECT
    file_id,
    'practice',
    practice_rule,
    rows,
    pence
  FROM counted
  UNION ALL
  SELECT
    file_id,
    'amount',
    amount_rule,
    rows,
    pence
  FROM counted
  UNION ALL
  SELECT
    file_id,
    'not_counted',
    not_counted,
    rows,
    pence
  FROM counted
  WHERE
    not_counted <> ''
)
SELECT
  file_id,
  what,
  rule,
  CAST(SUM(rows) AS BIGINT) AS rows,
  CAST(SUM(pence) AS BIGINT) AS pence
FROM told
GROUP BY
  file_id,
  what,
  rule
ORDER BY
  file_id NULLS LAST,
  what NULLS LAST,
  rule NULLS LAST
