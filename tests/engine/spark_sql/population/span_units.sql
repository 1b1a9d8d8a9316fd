CREATE OR REPLACE TABLE span_units AS
SELECT
  s.from_day,
  s.to_day,
  u.month,
  LEAST(s.to_day, u.to_day) - GREATEST(s.from_day, u.from_day) AS units
FROM (
  SELECT DISTINCT
    from_day,
    to_day
  FROM presence
  WHERE
    segment_id > 0
) AS s
JOIN unit_span AS u
  ON s.from_day < u.to_day AND u.from_day < s.to_day
