WITH apart AS (
  SELECT
    combination_id,
    submitted_pence
  FROM judged_line
  WHERE
    fate = 'charged'
    AND submitted_pence <> 0
    AND quantity_thousandths <> 0
    AND (
      (
        submitted_pence < 0
      ) <> (
        quantity_thousandths < 0
      )
    ) <> COALESCE(price_turns, FALSE)
)
SELECT
  c.provider,
  COUNT(*) AS lines,
  CAST(SUM(a.submitted_pence) AS BIGINT) AS submitted_pence,
  CAST(SUM(CASE WHEN a.submitted_pence > 0 THEN 1 ELSE 0 END) AS BIGINT) AS charges
FROM apart AS a
JOIN combination AS c
  ON c.combination_id = a.combination_id
LEFT JOIN money_only AS m
  ON m.point_of_delivery = c.point_of_delivery
WHERE
  m.point_of_delivery IS NULL
GROUP BY
  c.provider
ORDER BY
  c.provider NULLS LAST
