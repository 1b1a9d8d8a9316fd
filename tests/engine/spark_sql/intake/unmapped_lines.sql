SELECT
  l.file_id,
  COUNT(*) AS lines,
  CAST(COALESCE(SUM(l.submitted_pence), 0) AS BIGINT) AS submitted_pence
FROM line AS l
JOIN combination AS c
  ON c.combination_id = l.combination_id
WHERE
  NOT l.superseded AND c.point_of_delivery = 'Unmapped' AND c.not_counted = ''
GROUP BY
  l.file_id
ORDER BY
  l.file_id NULLS LAST
