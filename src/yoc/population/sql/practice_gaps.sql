-- People registered with a practice on days of which the map says nothing, neither a host nor that there is none.
WITH living AS (
    SELECT s.person_id, s.practice,
           greatest(s.from_day, coalesce(p.birth_day, s.from_day)) AS from_day,
           least(s.to_day, coalesce(p.gone_day, s.to_day)) AS to_day
    FROM span s LEFT JOIN read_person p ON p.person_id = s.person_id AND p.fault = ''),
inside AS (
    SELECT l.person_id, g.practice, g.from_day AS gap_start, g.to_day AS gap_end,
           least(l.to_day, g.to_day) - greatest(l.from_day, g.from_day) AS days
    FROM living l JOIN practice_gap g ON g.practice = l.practice
    WHERE l.from_day < g.to_day AND g.from_day < l.to_day)
SELECT practice, gap_start, gap_end, count(DISTINCT person_id) AS people, CAST(sum(days) AS BIGINT) AS days
FROM inside WHERE days > 0 GROUP BY practice, gap_start, gap_end ORDER BY practice, gap_start
