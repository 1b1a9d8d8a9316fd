SELECT DISTINCT
  period
FROM line
WHERE
  NOT superseded
ORDER BY
  period NULLS LAST
