-- People of each host and segment who count on each of the days that are asked about.
SELECT p.host_id, p.segment_id, d.day, count(*) AS people
FROM presence p JOIN asked_day d ON p.from_day <= d.day AND d.day < p.to_day
WHERE p.segment_id > 0
GROUP BY p.host_id, p.segment_id, d.day ORDER BY p.host_id, p.segment_id, d.day
