CREATE OR REPLACE TABLE span AS
SELECT
  person_id,
  practice,
  row_number,
  from_day,
  to_day,
  from_day AS first_day,
  to_day AS end_day
FROM read_registration
WHERE
  fault = '' AND regular
