-- People registered under a host in the year who have no usable row in the persons file.
SELECT count(DISTINCT r.person_id) AS people
FROM attributed r LEFT JOIN read_person p ON p.person_id = r.person_id AND p.fault = ''
WHERE p.person_id IS NULL
