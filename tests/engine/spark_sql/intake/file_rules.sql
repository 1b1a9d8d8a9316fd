WITH kept AS (
  SELECT
    f.file_id,
    p.period_rule,
    p.point_of_delivery_rule,
    p.practice_rule,
    p.amount_rule,
    p.not_counted,
    p.rows,
    p.pence
  FROM canonical_part AS p
  JOIN activity_file AS f
    ON f.parts = p.filename
  WHERE
    p.fault IN (
      SELECT
        fault
      FROM kept_fault
    )
), told AS (
  SELECT
    file_id,
    'period' AS what,
    period_rule AS rule,
    rows,
    pence
  FROM kept
  UNION ALL
  SELECT
    file_id,
    'point_of_delivery',
    point_of_delivery_rule,
    rows,
    pence
  FROM kept
  UNION ALL
  SELECT
    file_id,
    'practice',
    practice_rule,
    rows,
    pence
  FROM kept
  UNION ALL
  SELECT
    file_id,
    'amount',
    amount_rule,
    rows,
    pence
  FROM kept
  UNION ALL
  SELECT
    file_id,
    'not_counted',
    not_counted,
    rows,
    pence
  FROM kept
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
