-- Lines in the cohort that cannot be priced, by code and point of delivery, those on days for which no book holds apart:
-- with no price in the book where the contract needs one (and of those the lines that had one until prices were
-- published again), and with no total submitted where it needs one.
SELECT c.tariff_code, c.point_of_delivery, $basis <> 'submitted' AND l.price_period IS NULL AS undated,
       count(*) AS lines, CAST(coalesce(sum(l.submitted_pence), 0) AS BIGINT) AS submitted_pence,
       count(CASE WHEN $basis <> 'submitted' AND l.price_period IS NOT NULL AND q.price_pence IS NULL THEN 1 END)
           AS without_price,
       count(CASE WHEN $basis <> 'submitted' AND q.price_pence IS NULL AND q.was_priced THEN 1 END) AS once_priced,
       count(CASE WHEN $basis <> 'book' AND l.submitted_pence IS NULL THEN 1 END) AS without_total
FROM judged_line l
JOIN combination c USING (combination_id)
LEFT JOIN period_price q ON q.combination_id = l.combination_id AND q.price_period = l.price_period
WHERE l.fate = 'unpriced'
GROUP BY c.tariff_code, c.point_of_delivery, undated
ORDER BY c.tariff_code, c.point_of_delivery, undated
