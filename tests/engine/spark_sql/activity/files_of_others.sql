SELECT
  l.file_id,
  CAST(SUM(l.lines) AS BIGINT) AS lines,
  CAST(SUM(l.submitted_pence) AS BIGINT) AS submitted_pence
FROM line_cell AS l
JOIN combination AS c
  ON c.combination_id = l.combination_id
LEFT JOIN own_commissioner AS o
  ON o.written = c.commissioner
GROUP BY
  l.file_id
HAVING
  COUNT(o.meant) = 0
ORDER BY
  l.file_id NULLS LAST
