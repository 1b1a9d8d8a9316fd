SELECT DISTINCT
  period
FROM line_part
WHERE
  NOT superseded
ORDER BY
  period NULLS LAST
