CREATE OR REPLACE TABLE read_person AS
SELECT
  k.row_number,
  p.person_id,
  k.birth_day,
  k.gone_day,
  k.bmi_hundredths,
  k.fault
FROM kept_person AS k
LEFT JOIN person_key AS p
  ON p.person_key = k.person_key
