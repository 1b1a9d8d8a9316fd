-- Lines of months that had not begun on the day as of which files are read.
SELECT f.file_id, count(*) AS rows, min(l.period) AS first_period, max(l.period) AS last_period,
       CAST(coalesce(sum(l.submitted_pence), 0) AS BIGINT) AS pence
FROM line l JOIN activity_file f USING (file_id)
WHERE NOT l.superseded AND l.period > $last_begun
GROUP BY f.file_id ORDER BY f.file_id
