WITH living AS (
  SELECT
    s.person_id,
    s.practice,
    GREATEST(s.from_day, COALESCE(p.birth_day, s.from_day)) AS from_day,
    LEAST(s.to_day, COALESCE(p.gone_day, s.to_day)) AS to_day
  FROM span AS s
  LEFT JOIN read_person AS p
    ON p.person_id = s.person_id AND p.fault = ''
), inside AS (
  SELECT
    l.person_id,
    g.practice,
    g.from_day AS gap_start,
    g.to_day AS gap_end,
    LEAST(l.to_day, g.to_day) - GREATEST(l.from_day, g.from_day) AS days
  FROM living AS l
  JOIN practice_gap AS g
    ON g.practice = l.practice
  WHERE
    l.from_day < g.to_day AND g.from_day < l.to_day
)
SELECT
  practice,
  gap_start,
  gap_end,
  COUNT(DISTINCT person_id) AS people,
  CAST(SUM(days) AS BIGINT) AS days
FROM inside
WHERE
  days > 0
GROUP BY
  practice,
  gap_start,
  gap_end
ORDER BY
  practice NULLS LAST,
  gap_start NULLS LAST
