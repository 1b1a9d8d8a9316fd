SELECT
  row_number,
  fault
FROM read_condition
WHERE
  fault <> ''
ORDER BY
  row_number NULLS LAST
