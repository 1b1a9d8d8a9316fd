CREATE OR REPLACE TABLE known_person AS
SELECT
  k.person_key,
  k.person_id,
  p.birth_day,
  p.gone_day
FROM person_key AS k
LEFT JOIN read_person AS p
  ON p.person_id = k.person_id AND p.fault = ''
