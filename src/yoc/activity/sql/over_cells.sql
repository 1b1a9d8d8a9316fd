-- What lies over the threshold, taken from each person's lines in order of date, then line id. A line loses what it
-- adds to the running total less what it adds to the running total held at the threshold.
WITH running AS (
    SELECT l.host_id, l.segment_id, d.setting, d.provider, l.month, l.amount, o.threshold,
           sum(l.amount) OVER (PARTITION BY l.person_id ORDER BY l.day, l.line_id, d.provider, d.setting, l.amount
                               ROWS UNBOUNDED PRECEDING) AS so_far
    FROM judged_line l
    JOIN person_over o ON o.person_id = l.person_id
    JOIN decision d ON d.combination_id = l.combination_id
    WHERE l.fate = 'charged'),
lost AS (
    SELECT host_id, segment_id, setting, provider, month,
           amount - (least(so_far, threshold) - least(so_far - amount, threshold)) AS over
    FROM running)
SELECT host_id, segment_id, setting, provider, month,
       CAST(sum(over // 1000000000) AS BIGINT) AS over_high, CAST(sum(over % 1000000000) AS BIGINT) AS over_low
FROM lost GROUP BY host_id, segment_id, setting, provider, month
HAVING sum(over) <> 0
ORDER BY host_id, segment_id, setting, provider, month
