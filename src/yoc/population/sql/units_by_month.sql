-- Counted units by host, segment and month.
SELECT host_id, segment_id, month, CAST(sum(units) AS BIGINT) AS units
FROM counted GROUP BY ALL ORDER BY host_id, segment_id, month
