-- How many people of each host and segment counted how many units in the year.
SELECT host_id, segment_id, units, count(*) AS people
FROM (SELECT host_id, segment_id, person_id, CAST(sum(units) AS BIGINT) AS units FROM counted GROUP BY ALL)
GROUP BY ALL ORDER BY host_id, segment_id, units
