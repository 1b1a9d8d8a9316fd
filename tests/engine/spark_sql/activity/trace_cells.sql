SELECT
  CASE WHEN l.fate = 'charged' THEN l.host_id ELSE 0 END AS host_id,
  d.setting,
  d.provider,
  COALESCE(l.month, 0) AS month,
  c.point_of_delivery,
  l.fate,
  l.file_id,
  CAST(SUM(l.lines) AS BIGINT) AS lines,
  CAST(SUM(l.submitted_pence) AS BIGINT) AS submitted_pence,
  CAST(SUM(l.quantity_high) AS BIGINT) AS quantity_high,
  CAST(SUM(l.quantity_low) AS BIGINT) AS quantity_low,
  CAST(SUM(l.amount_high) AS BIGINT) AS amount_high,
  CAST(SUM(l.amount_low) AS BIGINT) AS amount_low
FROM line_cell AS l
JOIN combination AS c
  ON c.combination_id = l.combination_id
JOIN decision AS d
  ON d.combination_id = l.combination_id
GROUP BY
  CASE WHEN l.fate = 'charged' THEN l.host_id ELSE 0 END,
  d.setting,
  d.provider,
  COALESCE(l.month, 0),
  c.point_of_delivery,
  l.fate,
  l.file_id
ORDER BY
  host_id NULLS LAST,
  d.setting NULLS LAST,
  d.provider NULLS LAST,
  month NULLS LAST,
  c.point_of_delivery NULLS LAST,
  l.fate NULLS LAST,
  l.file_id NULLS LAST
