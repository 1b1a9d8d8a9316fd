SELECT
  l.file_id,
  l.row_number,
  l.day >= p.next_day AS is_after,
  l.submitted_pence
FROM kept_line AS l
JOIN period_days AS p
  ON p.period = l.period
WHERE
  l.day >= p.next_day OR l.day < p.earliest_day
ORDER BY
  l.file_id NULLS LAST,
  l.row_number NULLS LAST
