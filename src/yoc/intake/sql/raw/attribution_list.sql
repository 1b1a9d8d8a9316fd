-- The host that the list names for each person.
CREATE TABLE listed_person AS
SELECT DISTINCT trim(person_key) AS person_key, trim(host) AS host
FROM attribution_file WHERE trim(person_key) <> ''
