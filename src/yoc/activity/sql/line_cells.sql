-- The judged lines by everything that is asked of them together: file, codes, host and segment in whose cohort the person
-- was, month, period of prices, fate. Counts and amounts are summed in two parts so that no sum overflows.
SELECT file_id, combination_id, host_id, segment_id, month, price_period, fate, count(*) AS lines,
       count(submitted_pence) AS lines_with_total, CAST(coalesce(sum(submitted_pence), 0) AS BIGINT) AS submitted_pence,
       CAST(coalesce(sum(quantity_thousandths // 1000000000), 0) AS BIGINT) AS quantity_high,
       CAST(coalesce(sum(quantity_thousandths % 1000000000), 0) AS BIGINT) AS quantity_low,
       CAST(sum(amount // 1000000000) AS BIGINT) AS amount_high, CAST(sum(amount % 1000000000) AS BIGINT) AS amount_low
FROM judged_line
GROUP BY file_id, combination_id, host_id, segment_id, month, price_period, fate
