CREATE OR REPLACE TABLE person_in_hand AS
SELECT
  k.person_key,
  k.person_id,
  p.birth_day,
  p.gone_day
FROM person_key AS k
JOIN bucket_in_hand AS b
  ON b.bucket = k.bucket
LEFT JOIN read_person AS p
  ON p.person_id = k.person_id AND p.fault = ''
