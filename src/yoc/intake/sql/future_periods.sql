-- Lines of months that had not begun on the day as of which files are read.
SELECT file_id, CAST(sum(lines) AS BIGINT) AS rows, min(period) AS first_period, max(period) AS last_period,
       CAST(sum(pence) AS BIGINT) AS pence
FROM line_part WHERE NOT superseded AND period > $last_begun
GROUP BY file_id ORDER BY file_id
