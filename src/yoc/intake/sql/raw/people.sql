-- Every person that the persons or registrations file names gets a number, in the order of the keys.
CREATE TABLE person_key AS
SELECT CAST(row_number() OVER (ORDER BY person_key) AS INTEGER) AS person_id, person_key
FROM (SELECT trim(person_key) AS person_key FROM persons_file UNION SELECT trim(person_key) FROM registrations_file)
WHERE person_key <> ''
