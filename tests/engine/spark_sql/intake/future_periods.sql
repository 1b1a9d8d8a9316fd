SELECT
  file_id,
  CAST(SUM(lines) AS BIGINT) AS rows,
  MIN(period) AS first_period,
  MAX(period) AS last_period,
  CAST(SUM(pence) AS BIGINT) AS pence
FROM line_part
WHERE
  NOT superseded AND period > :last_begun
GROUP BY
  file_id
ORDER BY
  file_id NULLS LAST
