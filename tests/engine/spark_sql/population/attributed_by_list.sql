CREATE OR REPLACE TABLE attributed AS
SELECT
  r.person_id,
  h.host_id,
  r.from_day,
  r.to_day
FROM residence AS r
JOIN person_key AS p
  ON p.person_id = r.person_id
JOIN listed_person AS l
  ON l.person_key = p.person_key
JOIN host_number AS h
  ON h.host = l.host
