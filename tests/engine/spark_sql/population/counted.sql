CREATE OR REPLACE TABLE counted AS
SELECT
  p.person_id,
  p.host_id,
  p.segment_id,
  u.month,
  CAST(SUM(LEAST(p.to_day, u.to_day) - GREATEST(p.from_day, u.from_day)) AS BIGINT) AS units
FROM presence AS p
JOIN unit_span AS u
  ON p.from_day < u.to_day AND u.from_day < p.to_day
WHERE
  p.segment_id > 0
GROUP BY
  p.person_id,
  p.host_id,
  p.segment_id,
  u.month
