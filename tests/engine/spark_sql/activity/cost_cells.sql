SELECT
  host_id,
  segment_id,
  setting,
  provider,
  month,
  COUNT(*) AS lines,
  CAST(SUM(submitted_pence) AS BIGINT) AS submitted_pence,
  CAST(SUM(CAST(amount AS BIGINT) DIV 1000000000) AS BIGINT) AS amount_high,
  CAST(SUM(amount % 1000000000) AS BIGINT) AS amount_low
FROM judged_line
WHERE
  fate = 'charged'
GROUP BY
  host_id,
  segment_id,
  setting,
  provider,
  month
ORDER BY
  host_id NULLS LAST,
  segment_id NULLS LAST,
  setting NULLS LAST,
  provider NULLS LAST,
  month NULLS LAST
