-- What must add up, cell by cell, as either side has it (null: the side has no such cell): contract monitoring and the
-- statement without drugs and devices, drugs and the statement's drugs, devices likewise, statement and invoice. A
-- provider without a statement is invoiced for its lines; one with neither is not here. Only latest loads count, and
-- only months that have begun.
CREATE OR REPLACE TABLE tie_cell AS
WITH care AS (
    SELECT d.rule, c.provider, l.period, c.point_of_delivery,
           CAST(sum(l.pence) AS BIGINT) AS pence, CAST(sum(l.thousandths) AS BIGINT) AS thousandths
    FROM line_part l
    JOIN combination c ON c.combination_id = l.combination_id
    JOIN tied_data_set d ON d.data_set = c.data_set
    WHERE NOT l.superseded AND c.not_counted = '' AND l.period <= $last_begun
    GROUP BY d.rule, c.provider, l.period, c.point_of_delivery),
stated AS (
    SELECT CASE point_of_delivery WHEN 'DRUG' THEN 'drugs' WHEN 'DEVICE' THEN 'devices' ELSE 'activity' END AS rule,
           provider, period, point_of_delivery,
           CAST(sum(pence) AS BIGINT) AS pence, CAST(sum(thousandths) AS BIGINT) AS thousandths
    FROM statement WHERE NOT superseded AND period <= $last_begun
    GROUP BY 1, provider, period, point_of_delivery),
billed AS (
    SELECT provider, period, CAST(sum(pence) AS BIGINT) AS pence
    FROM invoice WHERE NOT superseded AND period <= $last_begun
    GROUP BY provider, period),
stating AS (SELECT DISTINCT provider FROM stated),
billing AS (SELECT provider FROM billed UNION SELECT provider FROM stating),
asked AS (
    SELECT provider, period, CAST(sum(pence) AS BIGINT) AS pence FROM stated GROUP BY provider, period
    UNION ALL
    SELECT provider, period, CAST(sum(pence) AS BIGINT) AS pence FROM care
    WHERE provider NOT IN (SELECT provider FROM stating) GROUP BY provider, period),
compared AS (
    SELECT coalesce(c.rule, s.rule) AS rule, coalesce(c.provider, s.provider) AS provider,
           coalesce(c.period, s.period) AS period, coalesce(c.point_of_delivery, s.point_of_delivery) AS point_of_delivery,
           c.pence AS first_pence, s.pence AS second_pence,
           c.thousandths AS first_thousandths, s.thousandths AS second_thousandths
    FROM care c
    FULL JOIN stated s ON s.rule = c.rule AND s.provider = c.provider AND s.period = c.period
                      AND s.point_of_delivery = c.point_of_delivery
    WHERE $with_lines AND coalesce(c.provider, s.provider) IN (SELECT provider FROM stating)
    UNION ALL
    SELECT CASE WHEN coalesce(a.provider, b.provider) IN (SELECT provider FROM stating) THEN 'invoice'
                ELSE 'invoice_of_lines' END,
           coalesce(a.provider, b.provider), coalesce(a.period, b.period), '', a.pence, b.pence, NULL, NULL
    FROM asked a FULL JOIN billed b ON b.provider = a.provider AND b.period = a.period
    WHERE $with_invoices AND coalesce(a.provider, b.provider) IN (SELECT provider FROM billing))
SELECT *,
       count(first_pence) OVER whole_month AS first_cells, count(second_pence) OVER whole_month AS second_cells,
       abs(coalesce(first_pence, 0) - coalesce(second_pence, 0)) > $within_pence AS money_apart,
       coalesce(first_thousandths, 0) <> coalesce(second_thousandths, 0) AS quantity_apart
FROM compared
WINDOW whole_month AS (PARTITION BY rule LIKE 'invoice%', provider, period)
