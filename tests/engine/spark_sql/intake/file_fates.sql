SELECT
  f.file_id,
  CAST(COALESCE(SUM(p.lines), 0) AS BIGINT) AS kept,
  CAST(COALESCE(SUM(CASE WHEN p.superseded THEN p.lines END), 0) AS BIGINT) AS superseded,
  CAST(COALESCE(SUM(CASE WHEN p.superseded THEN p.pence END), 0) AS BIGINT) AS superseded_pence,
  CAST(COALESCE(SUM(CASE WHEN p.period BETWEEN :first_period AND :last_period THEN p.lines END), 0) AS BIGINT) AS in_year
FROM activity_file AS f
LEFT JOIN line_part AS p
  ON p.file_id = f.file_id
GROUP BY
  f.file_id
ORDER BY
  f.file_id NULLS LAST
