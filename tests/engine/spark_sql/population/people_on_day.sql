SELECT
  p.host_id,
  p.segment_id,
  d.day,
  COUNT(*) AS people
FROM presence AS p
JOIN asked_day AS d
  ON p.from_day <= d.day AND d.day < p.to_day
WHERE
  p.segment_id > 0
GROUP BY
  p.host_id,
  p.segment_id,
  d.day
ORDER BY
  p.host_id NULLS LAST,
  p.segment_id NULLS LAST,
  d.day NULLS LAST
