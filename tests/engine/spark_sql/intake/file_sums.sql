SELECT
  f.file_id,
  CAST(SUM(p.pence) AS BIGINT) AS submitted_pence,
  CAST(COALESCE(SUM(CASE WHEN k.fault IS NULL THEN p.pence END), 0) AS BIGINT) AS rejected_pence,
  CAST(COALESCE(SUM(CASE WHEN k.fault IS NULL THEN p.rows - p.readable END), 0) AS BIGINT) AS unreadable_sums
FROM canonical_part AS p
JOIN activity_file AS f
  ON f.parts = p.filename
LEFT JOIN kept_fault AS k
  ON k.fault = p.fault
GROUP BY
  f.file_id
ORDER BY
  f.file_id NULLS LAST
