SELECT
  host_id,
  segment_id,
  units,
  COUNT(*) AS people
FROM counted
GROUP BY ALL
ORDER BY
  host_id NULLS LAST,
  segment_id NULLS LAST,
  units NULLS LAST
