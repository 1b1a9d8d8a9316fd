-- Charged lines by host, setting, provider, point of delivery and code. Codes with fewer lines than `least` in their group
-- are counted together, so that no row is about a handful of lines of one rare code.
WITH narrow AS (
    SELECT host_id, setting, provider, combination_id, count(*) AS lines,
           sum(coalesce(submitted_pence, 0)) AS submitted_pence,
           sum(quantity_thousandths // 1000000000) AS quantity_high,
           sum(quantity_thousandths % 1000000000) AS quantity_low,
           sum(amount // 1000000000) AS amount_high, sum(amount % 1000000000) AS amount_low
    FROM judged_line WHERE fate = 'charged'
    GROUP BY host_id, setting, provider, combination_id),
code AS (
    SELECT n.host_id, n.setting, n.provider, c.point_of_delivery, c.tariff_code, sum(n.lines) AS lines,
           sum(n.submitted_pence) AS submitted_pence,
           coalesce(sum(n.quantity_high), 0) AS quantity_high, coalesce(sum(n.quantity_low), 0) AS quantity_low,
           sum(n.amount_high) AS amount_high, sum(n.amount_low) AS amount_low
    FROM narrow n JOIN combination c ON c.combination_id = n.combination_id
    GROUP BY n.host_id, n.setting, n.provider, c.point_of_delivery, c.tariff_code),
named AS (
    SELECT host_id, setting, provider, point_of_delivery, lines < $least AS pooled,
           CASE WHEN lines < $least THEN '' ELSE tariff_code END AS tariff_code,
           lines, submitted_pence, quantity_high, quantity_low, amount_high, amount_low
    FROM code)
SELECT host_id, setting, provider, point_of_delivery, pooled, tariff_code,
       CAST(sum(lines) AS BIGINT) AS lines, CAST(sum(submitted_pence) AS BIGINT) AS submitted_pence,
       CAST(sum(quantity_high) AS BIGINT) AS quantity_high, CAST(sum(quantity_low) AS BIGINT) AS quantity_low,
       CAST(sum(amount_high) AS BIGINT) AS amount_high, CAST(sum(amount_low) AS BIGINT) AS amount_low
FROM named
GROUP BY host_id, setting, provider, point_of_delivery, pooled, tariff_code
ORDER BY host_id, setting, provider, point_of_delivery, pooled, tariff_code
