SELECT
  host_id,
  segment_id,
  month,
  CAST(SUM(units) AS BIGINT) AS units
FROM counted
GROUP BY ALL
ORDER BY
  host_id NULLS LAST,
  segment_id NULLS LAST,
  month NULLS LAST
