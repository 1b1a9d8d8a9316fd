-- What cannot be used of the list: how many rows or people, and the first row. Never who.
WITH twice AS (
    SELECT list(row_number ORDER BY row_number) AS rows FROM attribution_file
    WHERE trim(person_key) <> '' GROUP BY trim(person_key) HAVING count(DISTINCT trim(host)) > 1)
SELECT 'person key is blank' AS fault, count(*) AS number, min(row_number) AS first_row
FROM attribution_file WHERE trim(person_key) = ''
UNION ALL
SELECT 'no host', count(*), min(row_number)
FROM attribution_file WHERE trim(host) NOT IN (SELECT host FROM known_host)
UNION ALL
SELECT 'two hosts', count(*), min(rows[2]) FROM twice
