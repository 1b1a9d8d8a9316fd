SELECT
  d.provider,
  CASE WHEN l.segment_id > 0 THEN l.host_id ELSE 0 END AS host_id,
  CAST(SUM(l.lines) AS BIGINT) AS lines
FROM line_cell AS l
JOIN decision AS d
  ON d.combination_id = l.combination_id
WHERE
  l.fate <> 'not_counted'
GROUP BY
  d.provider,
  CASE WHEN l.segment_id > 0 THEN l.host_id ELSE 0 END
ORDER BY
  d.provider NULLS LAST,
  host_id NULLS LAST
