WITH lived AS (
  SELECT
    host_id,
    segment_id,
    from_day,
    to_day,
    COUNT(*) AS people
  FROM presence
  WHERE
    segment_id > 0
  GROUP BY
    host_id,
    segment_id,
    from_day,
    to_day
)
SELECT
  l.host_id,
  l.segment_id,
  u.month,
  CAST(SUM(l.people * u.units) AS BIGINT) AS units
FROM lived AS l
JOIN span_units AS u
  ON u.from_day = l.from_day AND u.to_day = l.to_day
GROUP BY
  l.host_id,
  l.segment_id,
  u.month
ORDER BY
  l.host_id NULLS LAST,
  l.segment_id NULLS LAST,
  u.month NULLS LAST
