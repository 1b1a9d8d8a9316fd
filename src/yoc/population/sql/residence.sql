-- The days on which a person lives under a host: regularly registered, the practice maps to the host, born, not dead.
-- Days run from `from_day` to the day before `to_day`, inside the year.
CREATE OR REPLACE TABLE residence AS
SELECT * FROM (
    SELECT r.person_id, h.host_id,
           greatest(r.from_day, h.from_day, coalesce(p.birth_day, r.from_day)) AS from_day,
           least(r.to_day, h.to_day, coalesce(p.gone_day, r.to_day)) AS to_day
    FROM span r
    JOIN practice_host h ON h.practice = r.practice
    LEFT JOIN read_person p ON p.person_id = r.person_id AND p.fault = '')
WHERE from_day < to_day
