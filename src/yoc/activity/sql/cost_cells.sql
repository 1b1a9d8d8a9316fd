-- Charged lines by host, segment, setting, provider and month. Amounts are summed in two parts so that no sum overflows.
SELECT l.host_id, l.segment_id, d.setting, d.provider, l.month, CAST(sum(l.lines) AS BIGINT) AS lines,
       CAST(sum(l.submitted_pence) AS BIGINT) AS submitted_pence,
       CAST(sum(l.amount_high) AS BIGINT) AS amount_high, CAST(sum(l.amount_low) AS BIGINT) AS amount_low
FROM line_cell l JOIN decision d ON d.combination_id = l.combination_id
WHERE l.fate = 'charged'
GROUP BY l.host_id, l.segment_id, d.setting, d.provider, l.month
ORDER BY l.host_id, l.segment_id, d.setting, d.provider, l.month
