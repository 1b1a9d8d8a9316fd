SELECT
  host_id,
  segment_id,
  units,
  COUNT(*) AS people
FROM (
  SELECT
    host_id,
    segment_id,
    person_id,
    CAST(SUM(units) AS BIGINT) AS units
  FROM counted
  GROUP BY ALL
)
GROUP BY ALL
ORDER BY
  host_id NULLS LAST,
  segment_id NULLS LAST,
  units NULLS LAST
