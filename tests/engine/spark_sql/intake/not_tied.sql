SELECT
  c.provider,
  CAST(SUM(p.lines) AS BIGINT) AS lines,
  CAST(SUM(p.pence) AS BIGINT) AS submitted_pence
FROM line_part AS p
JOIN combination AS c
  ON c.combination_id = p.combination_id
JOIN tied_data_set AS d
  ON d.data_set = c.data_set
WHERE
  NOT p.superseded
  AND c.not_counted = ''
  AND p.period <= :last_begun
  AND NOT c.provider IN (
    SELECT
      provider
    FROM tie_cell
  )
GROUP BY
  c.provider
ORDER BY
  c.provider NULLS LAST
