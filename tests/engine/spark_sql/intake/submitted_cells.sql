SELECT
  c.provider,
  COALESCE(m.month, 0) AS month,
  c.point_of_delivery,
  COUNT(*) AS lines,
  SUM(CAST(l.quantity_thousandths AS DECIMAL(38, 0))) AS quantity_thousandths,
  COALESCE(SUM(CAST(l.submitted_pence AS DECIMAL(38, 0))), 0) AS submitted_pence
FROM kept_line AS l
JOIN combination AS c
  ON c.combination_id = l.combination_id
LEFT JOIN month_days AS m
  ON l.day >= m.from_day AND l.day < m.to_day
GROUP BY
  c.provider,
  COALESCE(m.month, 0),
  c.point_of_delivery
ORDER BY
  c.provider NULLS LAST,
  month NULLS LAST,
  c.point_of_delivery NULLS LAST
