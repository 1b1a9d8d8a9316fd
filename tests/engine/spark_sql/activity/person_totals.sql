SELECT
  person_id,
  CAST(SUM(CAST(amount AS BIGINT) DIV 1000000000) AS BIGINT) AS amount_high,
  CAST(SUM(amount % 1000000000) AS BIGINT) AS amount_low
FROM judged_line
WHERE
  fate = 'charged'
GROUP BY
  person_id
