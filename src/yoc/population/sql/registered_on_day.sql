-- People alive and regularly registered with each practice on each of the days that are asked about.
SELECT s.practice, d.day, count(DISTINCT s.person_id) AS people
FROM span s
JOIN list_day d ON s.from_day <= d.day AND d.day < s.to_day
LEFT JOIN read_person p ON p.person_id = s.person_id AND p.fault = ''
WHERE d.day >= coalesce(p.birth_day, d.day) AND d.day < coalesce(p.gone_day, d.day + 1)
GROUP BY s.practice, d.day ORDER BY s.practice, d.day
