SELECT
  provider,
  CASE WHEN segment_id > 0 THEN host_id ELSE 0 END AS host_id,
  COUNT(*) AS lines
FROM judged_line
WHERE
  fate <> 'not_counted'
GROUP BY ALL
ORDER BY
  provider NULLS LAST,
  host_id NULLS LAST
