-- All lines of each provider that no later load superseded, whatever became of them, by the host in whose cohort the
-- person was on the day of the line (0: in none). What a block shared by lines pays for. A row that its data set says
-- does not count, as an appointment that was missed, is no line.
SELECT d.provider, CASE WHEN l.segment_id > 0 THEN l.host_id ELSE 0 END AS host_id, CAST(sum(l.lines) AS BIGINT) AS lines
FROM line_cell l JOIN decision d ON d.combination_id = l.combination_id
WHERE l.fate <> 'not_counted'
GROUP BY d.provider, CASE WHEN l.segment_id > 0 THEN l.host_id ELSE 0 END ORDER BY d.provider, host_id
