-- The practices of regular registrations that touch the year, with how many registrations and where the first stands.
SELECT practice, count(*) AS registrations, min(row_number) AS first_row
FROM read_registration
WHERE fault = '' AND regular AND from_day < $year_end AND to_day > $year_start
GROUP BY practice ORDER BY practice
