-- Counted units by host, segment and month.
WITH lived AS (
    SELECT host_id, segment_id, from_day, to_day, count(*) AS people
    FROM presence WHERE segment_id > 0 GROUP BY host_id, segment_id, from_day, to_day)
SELECT l.host_id, l.segment_id, u.month, CAST(sum(l.people * u.units) AS BIGINT) AS units
FROM lived l JOIN span_units u ON u.from_day = l.from_day AND u.to_day = l.to_day
GROUP BY l.host_id, l.segment_id, u.month ORDER BY l.host_id, l.segment_id, u.month
