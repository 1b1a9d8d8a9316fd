SELECT
  s.practice,
  d.day,
  COUNT(DISTINCT s.person_id) AS people
FROM span AS s
JOIN list_day AS d
  ON s.from_day <= d.day AND d.day < s.to_day
LEFT JOIN read_person AS p
  ON p.person_id = s.person_id AND p.fault = ''
WHERE
  d.day >= COALESCE(p.birth_day, d.day) AND d.day < COALESCE(p.gone_day, d.day + 1)
GROUP BY
  s.practice,
  d.day
ORDER BY
  s.practice NULLS LAST,
  d.day NULLS LAST
