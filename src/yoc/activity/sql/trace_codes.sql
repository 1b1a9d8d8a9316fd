-- Charged lines by host, setting, provider, point of delivery and code. Codes with fewer lines than `least` in their group
-- are counted together, so that no row is about a handful of lines of one rare code.
WITH code AS (
    SELECT l.host_id, d.setting, d.provider, c.point_of_delivery, c.tariff_code, sum(l.lines) AS lines,
           sum(l.submitted_pence) AS submitted_pence,
           sum(l.quantity_high) AS quantity_high, sum(l.quantity_low) AS quantity_low,
           sum(l.amount_high) AS amount_high, sum(l.amount_low) AS amount_low
    FROM line_cell l
    JOIN combination c ON c.combination_id = l.combination_id
    JOIN decision d ON d.combination_id = l.combination_id
    WHERE l.fate = 'charged'
    GROUP BY l.host_id, d.setting, d.provider, c.point_of_delivery, c.tariff_code),
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
