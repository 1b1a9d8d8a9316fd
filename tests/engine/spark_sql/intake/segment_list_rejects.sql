SELECT
  row_number,
  fault
FROM read_segment_list
WHERE
  fault <> ''
ORDER BY
  row_number NULLS LAST
