WITH code AS (
  SELECT
    l.host_id,
    d.setting,
    d.provider,
    c.point_of_delivery,
    c.tariff_code,
    SUM(CAST(l.lines AS DECIMAL(38, 0))) AS lines,
    SUM(CAST(l.submitted_pence AS DECIMAL(38, 0))) AS submitted_pence,
    SUM(CAST(l.quantity_high AS DECIMAL(38, 0))) AS quantity_high,
    SUM(CAST(l.quantity_low AS DECIMAL(38, 0))) AS quantity_low,
    SUM(CAST(l.amount_high AS DECIMAL(38, 0))) AS amount_high,
    SUM(CAST(l.amount_low AS DECIMAL(38, 0))) AS amount_low
  FROM line_cell AS l
  JOIN combination AS c
    ON c.combination_id = l.combination_id
  JOIN decision AS d
    ON d.combination_id = l.combination_id
  WHERE
    l.fate = 'charged'
  GROUP BY
    l.host_id,
    d.setting,
    d.provider,
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
