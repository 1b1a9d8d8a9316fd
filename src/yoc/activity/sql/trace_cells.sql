-- Every judged line by what a statement is traced through: host (of charged lines), setting, provider, month, point of
-- delivery, fate and file. Each combination of codes is looked up once for its group, not once a line. Counts and amounts
-- are summed in two parts so that no sum overflows.
WITH narrow AS (
    SELECT CASE WHEN fate = 'charged' THEN host_id ELSE 0 END AS host_id, setting, provider,
           coalesce(month, 0) AS month, combination_id, fate,
           file_id, count(*) AS lines, sum(coalesce(submitted_pence, 0)) AS submitted_pence,
           sum(quantity_thousandths // 1000000000) AS quantity_high,
           sum(quantity_thousandths % 1000000000) AS quantity_low,
           sum(amount // 1000000000) AS amount_high, sum(amount % 1000000000) AS amount_low
    FROM judged_line
    GROUP BY CASE WHEN fate = 'charged' THEN host_id ELSE 0 END, setting, provider, coalesce(month, 0), combination_id, fate,
             file_id)
SELECT n.host_id, n.setting, n.provider, n.month, c.point_of_delivery, n.fate, n.file_id,
       CAST(sum(n.lines) AS BIGINT) AS lines, CAST(sum(n.submitted_pence) AS BIGINT) AS submitted_pence,
       CAST(coalesce(sum(n.quantity_high), 0) AS BIGINT) AS quantity_high,
       CAST(coalesce(sum(n.quantity_low), 0) AS BIGINT) AS quantity_low,
       CAST(sum(n.amount_high) AS BIGINT) AS amount_high, CAST(sum(n.amount_low) AS BIGINT) AS amount_low
FROM narrow n JOIN combination c ON c.combination_id = n.combination_id
GROUP BY n.host_id, n.setting, n.provider, n.month, c.point_of_delivery, n.fate, n.file_id
ORDER BY n.host_id, n.setting, n.provider, n.month, c.point_of_delivery, n.fate, n.file_id
