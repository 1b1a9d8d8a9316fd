CREATE OR REPLACE TABLE read_registration AS
SELECT
  k.row_number,
  p.person_id,
  k.practice,
  k.regular,
  k.from_day,
  k.to_day,
  k.fault
FROM kept_registration AS k
LEFT JOIN person_key AS p
  ON p.person_key = k.person_key
