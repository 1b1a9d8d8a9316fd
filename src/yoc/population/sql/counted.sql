-- Units of the year by person, host and segment: days of presence, or snapshot days on which they were present.
CREATE OR REPLACE TABLE counted AS
WITH span_of_year AS (SELECT from_day, to_day, sum(units) AS units FROM span_units GROUP BY from_day, to_day)
SELECT p.person_id, p.host_id, p.segment_id, CAST(sum(s.units) AS BIGINT) AS units
FROM presence p JOIN span_of_year s ON s.from_day = p.from_day AND s.to_day = p.to_day
WHERE p.segment_id > 0
GROUP BY p.person_id, p.host_id, p.segment_id
