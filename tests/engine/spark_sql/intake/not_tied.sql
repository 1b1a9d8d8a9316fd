SELECT
  c.provider,
  COUNT(*) AS lines,
  CAST(COALESCE(SUM(l.submitted_pence), 0) AS BIGINT) AS submitted_pence
FROM line AS l
JOIN combination AS c
  ON c.combination_id = l.combination_id
JOIN tied_data_set AS d
  ON d.data_set = c.data_set
WHERE
  NOT l.superseded
  AND c.not_counted = ''
  AND l.period <= :last_begun
  AND NOT c.provider IN (
    SELECT
      provider
    FROM tie_cell
  )
GROUP BY
  c.provider
ORDER BY
  c.provider NULLS LAST
