SELECT
  CAST(COALESCE(SUM(lines), 0) AS BIGINT) AS lines
FROM line_part
WHERE
  NOT superseded
