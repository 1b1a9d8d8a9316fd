SELECT
  row_number,
  fault
FROM read_person
WHERE
  fault <> ''
ORDER BY
  row_number NULLS LAST
