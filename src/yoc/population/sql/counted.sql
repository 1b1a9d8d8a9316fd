-- Units counted by person, host, segment and month: days of presence, or snapshot days on which they were present.
CREATE OR REPLACE TABLE counted AS
SELECT p.person_id, p.host_id, p.segment_id, u.month,
       CAST(sum(least(p.to_day, u.to_day) - greatest(p.from_day, u.from_day)) AS BIGINT) AS units
FROM presence p JOIN unit_span u ON p.from_day < u.to_day AND u.from_day < p.to_day
WHERE p.segment_id > 0
GROUP BY p.person_id, p.host_id, p.segment_id, u.month
