-- All of a person's days of residence are the host's under which most of them were lived. Of hosts with equally many days
-- the one whose first day comes first, or whose last day comes last, or that the contract lists first.
CREATE OR REPLACE TABLE attributed AS
WITH lived AS (
    SELECT person_id, host_id, sum(to_day - from_day) AS days, min(from_day) AS first_day, max(to_day) AS end_day
    FROM residence GROUP BY person_id, host_id),
ranked AS (
    SELECT person_id, host_id,
           row_number() OVER (PARTITION BY person_id
                              ORDER BY days DESC,
                                       CASE $ties WHEN 'earlier' THEN first_day WHEN 'later' THEN -end_day ELSE host_id END,
                                       host_id) AS place
    FROM lived)
SELECT r.person_id, w.host_id, r.from_day, r.to_day
FROM residence r JOIN ranked w ON w.person_id = r.person_id AND w.place = 1
