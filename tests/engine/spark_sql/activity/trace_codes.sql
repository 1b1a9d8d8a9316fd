WITH narrow AS (
  SELECT
    host_id,
    setting,
    provider,
    combination_id,
    COUNT(*) AS lines,
    SUM(CAST(COALESCE(submitted_pence, 0) AS DECIMAL(38, 0))) AS submitted_pence,
    SUM(CAST(CAST(quantity_thousandths AS BIGINT) DIV 1000000000 AS DECIMAL(38, 0))) AS quantity_high,
    SUM(CAST(quantity_thousandths % 1000000000 AS DECIMAL(38, 0))) AS quantity_low,
    SUM(CAST(CAST(amount AS BIGINT) DIV 1000000000 AS DECIMAL(38, 0))) AS amount_high,
    SUM(CAST(amount % 1000000000 AS DECIMAL(38, 0))) AS amount_low
  FROM judged_line
  WHERE
    fate = 'charged'
  GROUP BY
    host_id,
    setting,
    provider,
    combination_id
), code AS (
  SELECT
    n.host_id,
    n.setting,
    n.provider,
    c.point_of_delivery,
    c.tariff_code,
    SUM(CAST(n.lines AS DECIMAL(38, 0))) AS lines,
    SUM(CAST(n.submitted_pence AS DECIMAL(38, 0))) AS submitted_pence,
    COALESCE(SUM(CAST(n.quantity_high AS DECIMAL(38, 0))), 0) AS quantity_high,
    COALESCE(SUM(CAST(n.quantity_low AS DECIMAL(38, 0))), 0) AS quantity_low,
    SUM(CAST(n.amount_high AS DECIMAL(38, 0))) AS amount_high,
    SUM(CAST(n.amount_low AS DECIMAL(38, 0))) AS amount_low
  FROM narrow AS n
  JOIN combination AS c
    ON c.combination_id = n.combination_id
  GROUP BY
    n.host_id,
    n.setting,
    n.provider,
    c.point_of_delivery,
    c.tariff_code
), named AS (
  SELECT
    host_id,
    setting,
    provider,
    point_of_delivery,
    lines < :least AS pooled,
    CASE WHEN lines < :least THEN '' ELSE tariff_code END AS tariff_code,
    lines,
    submitted_pence,
    quantity_high,
    quantity_low,
    amount_high,
    amount_low
  FROM code
)
SELECT
  host_id,
  setting,
  provider,
  point_of_delivery,
  pooled,
  tariff_code,
  CAST(SUM(lines) AS BIGINT) AS lines,
  CAST(SUM(submitted_pence) AS BIGINT) AS submitted_pence,
  CAST(SUM(quantity_high) AS BIGINT) AS quantity_high,
  CAST(SUM(quantity_low) AS BIGINT) AS quantity_low,
  CAST(SUM(amount_high) AS BIGINT) AS amount_high,
  CAST(SUM(amount_low) AS BIGINT) AS amount_low
FROM named
GROUP BY
  host_id,
  setting,
  provider,
  point_of_delivery,
  pooled,
  tariff_code
ORDER BY
  host_id NULLS LAST,
  setting NULLS LAST,
  provider NULLS LAST,
  point_of_delivery NULLS LAST,
  pooled NULLS LAST,
  tariff_code NULLS LAST
