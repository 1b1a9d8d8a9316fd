SELECT
  row_number,
  fault
FROM read_registration
WHERE
  fault <> ''
ORDER BY
  row_number NULLS LAST
