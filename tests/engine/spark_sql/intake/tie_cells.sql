CREATE OR REPLACE TABLE tie_cell AS
WITH care AS (
  SELECT
    d.rule,
    c.provider,
    l.period,
    c.point_of_delivery,
    CAST(SUM(l.pence) AS BIGINT) AS pence,
    CAST(SUM(l.thousandths) AS BIGINT) AS thousandths
  FROM line_part AS l
  JOIN combination AS c
    ON c.combination_id = l.combination_id
  JOIN tied_data_set AS d
    ON d.data_set = c.data_set
  WHERE
    NOT l.superseded AND c.not_counted = '' AND l.period <= :last_begun
  GROUP BY
    d.rule,
    c.provider,
    l.period,
    c.point_of_delivery
), stated AS (
  SELECT
    CASE point_of_delivery
      WHEN 'DRUG'
      THEN 'drugs'
      WHEN 'DEVICE'
      THEN 'devices'
      ELSE 'activity'
    END AS rule,
    provider,
    period,
    point_of_delivery,
    CAST(SUM(pence) AS BIGINT) AS pence,
    CAST(SUM(thousandths) AS BIGINT) AS thousandths
  FROM statement
  WHERE
    NOT superseded AND period <= :last_begun
  GROUP BY
    1,
    provider,
    period,
    point_of_delivery
), billed AS (
  SELECT
    provider,
    period,
    CAST(SUM(pence) AS BIGINT) AS pence
  FROM invoice
  WHERE
    NOT superseded AND period <= :last_begun
  GROUP BY
    provider,
    period
), stating AS (
  SELECT DISTINCT
    provider
  FROM stated
), billing AS (
  SELECT
    provider
  FROM billed
  UNION
  SELECT
    provider
  FROM stating
), asked AS (
  SELECT
    provider,
    period,
    CAST(SUM(pence) AS BIGINT) AS pence
  FROM stated
  GROUP BY
    provider,
    period
  UNION ALL
  SELECT
    provider,
    period,
    CAST(SUM(pence) AS BIGINT) AS pence
  FROM care
  WHERE
    NOT provider IN (
      SELECT
        provider
      FROM stating
    )
  GROUP BY
    provider,
    period
), compared AS (
  SELECT
    COALESCE(c.rule, s.rule) AS rule,
    COALESCE(c.provider, s.provider) AS provider,
    COALESCE(c.period, s.period) AS period,
    COALESCE(c.point_of_delivery, s.point_of_delivery) AS point_of_delivery,
    c.pence AS first_pence,
    s.pence AS second_pence,
    c.thousandths AS first_thousandths,
    s.thousandths AS second_thousandths
  FROM care AS c
  FULL JOIN stated AS s
    ON s.rule = c.rule
    AND s.provider = c.provider
    AND s.period = c.period
    AND s.point_of_delivery = c.point_of_delivery
  WHERE
    :with_lines
    AND COALESCE(c.provider, s.provider) IN (
      SELECT
        provider
      FROM stating
    )
  UNION ALL
  SELECT
    CASE
      WHEN COALESCE(a.provider, b.provider) IN (
        SELECT
          provider
        FROM stating
      )
      THEN 'invoice'
      ELSE 'invoice_of_lines'
    END,
    COALESCE(a.provider, b.provider),
    COALESCE(a.period, b.period),
    '',
    a.pence,
    b.pence,
    NULL,
    NULL
  FROM asked AS a
  FULL JOIN billed AS b
    ON b.provider = a.provider AND b.period = a.period
  WHERE
    :with_invoices
    AND COALESCE(a.provider, b.provider) IN (
      SELECT
        provider
      FROM billing
    )
)
SELECT
  *,
  COUNT(first_pence) OVER whole_month AS first_cells,
  COUNT(second_pence) OVER whole_month AS second_cells,
  ABS(COALESCE(first_pence, 0) - COALESCE(second_pence, 0)) > :within_pence AS money_apart,
  COALESCE(first_thousandths, 0) <> COALESCE(second_thousandths, 0) AS quantity_apart
FROM compared
WINDOW whole_month AS (PARTITION BY rule LIKE 'invoice%', provider, period)
