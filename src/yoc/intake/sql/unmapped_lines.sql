-- How many lines of each file have a point of delivery that is not known, and what was submitted for them.
SELECT l.file_id, count(*) AS lines, CAST(coalesce(sum(l.submitted_pence), 0) AS BIGINT) AS submitted_pence
FROM line l JOIN combination c ON c.combination_id = l.combination_id
WHERE NOT l.superseded AND c.point_of_delivery = 'Unmapped' AND c.not_counted = ''
GROUP BY l.file_id ORDER BY l.file_id
