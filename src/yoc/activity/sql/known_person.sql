-- Every person by key, with the first and the last day on which a line can be theirs. Looked up once for each line.
CREATE OR REPLACE TABLE known_person AS
SELECT k.person_key, k.person_id, p.birth_day, p.gone_day
FROM person_key k LEFT JOIN read_person p ON p.person_id = k.person_id AND p.fault = ''
