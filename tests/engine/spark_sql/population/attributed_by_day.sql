CREATE OR REPLACE TABLE attributed AS
SELECT
  person_id,
  host_id,
  from_day,
  to_day
FROM residence
