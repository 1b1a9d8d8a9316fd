SELECT
  j.provider,
  COUNT(*) AS lines,
  CAST(SUM(j.submitted_pence) AS BIGINT) AS submitted_pence,
  CAST(SUM(CASE WHEN j.submitted_pence > 0 THEN 1 ELSE 0 END) AS BIGINT) AS charges
FROM judged_line AS j
JOIN combination AS c
  ON c.combination_id = j.combination_id
LEFT JOIN period_price AS q
  ON q.combination_id = j.combination_id AND q.price_period = j.price_period
LEFT JOIN money_only AS m
  ON m.point_of_delivery = c.point_of_delivery
WHERE
  j.fate = 'charged'
  AND m.point_of_delivery IS NULL
  AND SIGN(j.submitted_pence) * SIGN(j.quantity_thousandths) * CASE WHEN q.price_pence < 0 THEN -1 ELSE 1 END < 0
GROUP BY
  j.provider
ORDER BY
  j.provider NULLS LAST
