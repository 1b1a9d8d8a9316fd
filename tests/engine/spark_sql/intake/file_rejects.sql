SELECT
  f.file_id,
  r.row_number,
  r.fault
FROM canonical AS r
JOIN activity_file AS f
  ON f.canonical = r.filename
WHERE
  r.fault <> '' AND NOT r.fault IN (
    SELECT
      fault
    FROM kept_fault
  )
ORDER BY
  f.file_id NULLS LAST,
  r.row_number NULLS LAST
