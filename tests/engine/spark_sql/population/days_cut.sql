WITH living AS (
  SELECT
    s.person_id,
    s.from_day,
    s.to_day,
    GREATEST(s.first_day, COALESCE(p.birth_day, s.first_day), :year_start) AS first_day,
    LEAST(s.end_day, COALESCE(p.gone_day, s.end_day), :year_end) AS end_day
  FROM span AS s
  LEFT JOIN read_person AS p
    ON p.person_id = s.person_id AND p.fault = ''
), cut AS (
  SELECT
    person_id,
    GREATEST(end_day - first_day, 0) - GREATEST(LEAST(to_day, end_day) - GREATEST(from_day, first_day), 0) AS days
  FROM living
)
SELECT
  COUNT(DISTINCT person_id) AS people,
  CAST(COALESCE(SUM(days), 0) AS BIGINT) AS days
FROM cut
WHERE
  days > 0
