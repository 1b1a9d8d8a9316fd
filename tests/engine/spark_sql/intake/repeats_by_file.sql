SELECT
  r.file_id,
  r.class,
  COUNT(*) AS lines,
  CAST(COALESCE(SUM(l.submitted_pence), 0) AS BIGINT) AS submitted_pence
FROM repeated_line AS r
JOIN line AS l
  ON l.file_id = r.file_id AND l.row_number = r.row_number
WHERE
  r.place > 1
GROUP BY
  r.file_id,
  r.class
ORDER BY
  r.file_id NULLS LAST,
  r.class NULLS LAST
