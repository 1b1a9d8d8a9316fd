SELECT
  file_id,
  class,
  COUNT(*) AS lines,
  CAST(COALESCE(SUM(submitted_pence), 0) AS BIGINT) AS submitted_pence
FROM repeated_line
WHERE
  place > 1
GROUP BY
  file_id,
  class
ORDER BY
  file_id NULLS LAST,
  class NULLS LAST
