SELECT
  COUNT(DISTINCT r.person_id) AS people
FROM attributed AS r
LEFT JOIN read_person AS p
  ON p.person_id = r.person_id AND p.fault = ''
WHERE
  p.person_id IS NULL
