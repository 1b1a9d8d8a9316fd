-- Every judged line by what a statement is traced through: host (of charged lines), setting, provider, month, point of
-- delivery, fate and file.
SELECT CASE WHEN l.fate = 'charged' THEN l.host_id ELSE 0 END AS host_id, d.setting, d.provider,
       coalesce(l.month, 0) AS month, c.point_of_delivery, l.fate, l.file_id,
       CAST(sum(l.lines) AS BIGINT) AS lines, CAST(sum(l.submitted_pence) AS BIGINT) AS submitted_pence,
       CAST(sum(l.quantity_high) AS BIGINT) AS quantity_high, CAST(sum(l.quantity_low) AS BIGINT) AS quantity_low,
       CAST(sum(l.amount_high) AS BIGINT) AS amount_high, CAST(sum(l.amount_low) AS BIGINT) AS amount_low
FROM line_cell l
JOIN combination c ON c.combination_id = l.combination_id
JOIN decision d ON d.combination_id = l.combination_id
GROUP BY CASE WHEN l.fate = 'charged' THEN l.host_id ELSE 0 END, d.setting, d.provider, coalesce(l.month, 0),
         c.point_of_delivery, l.fate, l.file_id
ORDER BY host_id, d.setting, d.provider, month, c.point_of_delivery, l.fate, l.file_id
