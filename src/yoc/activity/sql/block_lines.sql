-- All lines of each provider that no later load superseded, whatever became of them, by the host in whose cohort the
-- person was on the day of the line (0: in none). What a block shared by lines pays for. A row that its data set says
-- does not count, as an appointment that was missed, is no line.
SELECT provider, CASE WHEN segment_id > 0 THEN host_id ELSE 0 END AS host_id, count(*) AS lines
FROM judged_line WHERE fate <> 'not_counted' GROUP BY ALL ORDER BY provider, host_id
