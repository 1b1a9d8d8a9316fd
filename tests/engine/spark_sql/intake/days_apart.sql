SELECT
  file_id,
  row_number,
  apart = 1 AS is_after,
  submitted_pence
FROM kept_line
WHERE
  apart > 0
ORDER BY
  file_id NULLS LAST,
  row_number NULLS LAST
