SELECT
  file_id,
  class,
  row_number
FROM repeated_line
WHERE
  place > 1
ORDER BY
  file_id NULLS LAST,
  class NULLS LAST,
  row_number NULLS LAST
