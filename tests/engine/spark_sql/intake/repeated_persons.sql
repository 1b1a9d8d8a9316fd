SELECT
  COUNT(*) AS people,
  MIN(first_row) AS first_row
FROM (
  SELECT
    MIN(row_number) AS first_row
  FROM read_person
  WHERE
    fault = ''
  GROUP BY
    person_id
  HAVING
    COUNT(*) > 1
)
