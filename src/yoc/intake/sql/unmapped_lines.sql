-- How many lines of each file have a point of delivery that is not known, and what was submitted for them.
SELECT p.file_id, CAST(sum(p.lines) AS BIGINT) AS lines, CAST(sum(p.pence) AS BIGINT) AS submitted_pence
FROM line_part p JOIN combination c ON c.combination_id = p.combination_id
WHERE NOT p.superseded AND c.point_of_delivery = 'Unmapped' AND c.not_counted = ''
GROUP BY p.file_id ORDER BY p.file_id
