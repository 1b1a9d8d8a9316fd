SELECT
  j.file_id,
  COUNT(*) AS lines,
  CAST(COALESCE(SUM(j.submitted_pence), 0) AS BIGINT) AS submitted_pence
FROM judged_line AS j
JOIN combination AS c
  ON c.combination_id = j.combination_id
LEFT JOIN own_commissioner AS o
  ON o.written = c.commissioner
GROUP BY
  j.file_id
HAVING
  COUNT(o.meant) = 0
ORDER BY
  j.file_id NULLS LAST
