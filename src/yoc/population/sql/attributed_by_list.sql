-- All of a person's days of residence are those of the host that the list names; of people who are not on it, nobody's.
CREATE OR REPLACE TABLE attributed AS
SELECT r.person_id, h.host_id, r.from_day, r.to_day
FROM residence r
JOIN person_key p ON p.person_id = r.person_id
JOIN listed_person l ON l.person_key = p.person_key
JOIN host_number h ON h.host = l.host
