SELECT
  file_id,
  combination_id,
  host_id,
  segment_id,
  month,
  price_period,
  fate,
  COUNT(*) AS lines,
  COUNT(submitted_pence) AS lines_with_total,
  CAST(COALESCE(SUM(submitted_pence), 0) AS BIGINT) AS submitted_pence,
  CAST(COALESCE(SUM(CAST(quantity_thousandths AS BIGINT) DIV 1000000000), 0) AS BIGINT) AS quantity_high,
  CAST(COALESCE(SUM(quantity_thousandths % 1000000000), 0) AS BIGINT) AS quantity_low,
  CAST(SUM(CAST(amount AS BIGINT) DIV 1000000000) AS BIGINT) AS amount_high,
  CAST(SUM(amount % 1000000000) AS BIGINT) AS amount_low
FROM judged_line
GROUP BY
  file_id,
  combination_id,
  host_id,
  segment_id,
  month,
  price_period,
  fate
