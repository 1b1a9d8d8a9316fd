SELECT
  practice,
  COUNT(*) AS registrations,
  MIN(row_number) AS first_row
FROM read_registration
WHERE
  fault = '' AND regular AND from_day < :year_end AND to_day > :year_start
GROUP BY
  practice
ORDER BY
  practice NULLS LAST
