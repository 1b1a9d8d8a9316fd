SELECT
  f.file_id,
  COUNT(l.file_id) AS kept,
  COUNT(*) FILTER(WHERE
    l.superseded) AS superseded,
  CAST(COALESCE(SUM(l.submitted_pence) FILTER(WHERE
    l.superseded), 0) AS BIGINT) AS superseded_pence,
  COUNT(*) FILTER(WHERE
    l.period BETWEEN :first_period AND :last_period) AS in_year
FROM activity_file AS f
LEFT JOIN line AS l
  USING (file_id)
GROUP BY
  f.file_id
ORDER BY
  f.file_id NULLS LAST
