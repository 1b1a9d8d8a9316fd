WITH narrow AS (
  SELECT
    CASE WHEN fate = 'charged' THEN host_id ELSE 0 END AS host_id,
    setting,
    provider,
    COALESCE(month, 0) AS month,
    combination_id,
    fate,
    file_id,
    COUNT(*) AS lines,
    SUM(CAST(COALESCE(submitted_pence, 0) AS DECIMAL(38, 0))) AS submitted_pence,
    SUM(CAST(CAST(quantity_thousandths AS BIGINT) DIV 1000000000 AS DECIMAL(38, 0))) AS quantity_high,
    SUM(CAST(quantity_thousandths % 1000000000 AS DECIMAL(38, 0))) AS quantity_low,
    SUM(CAST(CAST(amount AS BIGINT) DIV 1000000000 AS DECIMAL(38, 0))) AS amount_high,
    SUM(CAST(amount % 1000000000 AS DECIMAL(38, 0))) AS amount_low
  FROM judged_line
  GROUP BY
    CASE WHEN fate = 'charged' THEN host_id ELSE 0 END,
    setting,
    provider,
    COALESCE(month, 0),
    combination_id,
    fate,
    file_id
)
SELECT
  n.host_id,
  n.setting,
  n.provider,
  n.month,
  c.point_of_delivery,
  n.fate,
  n.file_id,
  CAST(SUM(n.lines) AS BIGINT) AS lines,
  CAST(SUM(n.submitted_pence) AS BIGINT) AS submitted_pence,
  CAST(COALESCE(SUM(n.quantity_high), 0) AS BIGINT) AS quantity_high,
  CAST(COALESCE(SUM(n.quantity_low), 0) AS BIGINT) AS quantity_low,
  CAST(SUM(n.amount_high) AS BIGINT) AS amount_high,
  CAST(SUM(n.amount_low) AS BIGINT) AS amount_low
FROM narrow AS n
JOIN combination AS c
  ON c.combination_id = n.combination_id
GROUP BY
  n.host_id,
  n.setting,
  n.provider,
  n.month,
  c.point_of_delivery,
  n.fate,
  n.file_id
ORDER BY
  n.host_id NULLS LAST,
  n.setting NULLS LAST,
  n.provider NULLS LAST,
  n.month NULLS LAST,
  c.point_of_delivery NULLS LAST,
  n.fate NULLS LAST,
  n.file_id NULLS LAST
