-- Charged lines by host, segment, setting, provider and month. Amounts are summed in two parts so that no sum overflows.
SELECT host_id, segment_id, setting, provider, month, count(*) AS lines,
       CAST(sum(submitted_pence) AS BIGINT) AS submitted_pence,
       CAST(sum(amount // 1000000000) AS BIGINT) AS amount_high, CAST(sum(amount % 1000000000) AS BIGINT) AS amount_low
FROM judged_line WHERE fate = 'charged'
GROUP BY host_id, segment_id, setting, provider, month
ORDER BY host_id, segment_id, setting, provider, month
