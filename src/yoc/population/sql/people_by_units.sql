-- How many people of each host and segment counted how many units in the year.
SELECT host_id, segment_id, units, count(*) AS people
FROM counted GROUP BY ALL ORDER BY host_id, segment_id, units
