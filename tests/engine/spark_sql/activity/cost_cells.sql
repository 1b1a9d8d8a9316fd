SELECT
  l.host_id,
  l.segment_id,
  d.setting,
  d.provider,
  l.month,
  CAST(SUM(l.lines) AS BIGINT) AS lines,
  CAST(SUM(l.submitted_pence) AS BIGINT) AS submitted_pence,
  CAST(SUM(l.amount_high) AS BIGINT) AS amount_high,
  CAST(SUM(l.amount_low) AS BIGINT) AS amount_low
FROM line_cell AS l
JOIN decision AS d
  ON d.combination_id = l.combination_id
WHERE
  l.fate = 'charged'
GROUP BY
  l.host_id,
  l.segment_id,
  d.setting,
  d.provider,
  l.month
ORDER BY
  l.host_id NULLS LAST,
  l.segment_id NULLS LAST,
  d.setting NULLS LAST,
  d.provider NULLS LAST,
  l.month NULLS LAST
