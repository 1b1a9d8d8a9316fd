SELECT
  f.file_id,
  COUNT(*) AS rows,
  MIN(l.period) AS first_period,
  MAX(l.period) AS last_period,
  CAST(COALESCE(SUM(l.submitted_pence), 0) AS BIGINT) AS pence
FROM line AS l
JOIN activity_file AS f
  USING (file_id)
WHERE
  NOT l.superseded AND l.period > :last_begun
GROUP BY
  f.file_id
ORDER BY
  f.file_id NULLS LAST
