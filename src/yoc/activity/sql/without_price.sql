-- Lines in the cohort that cannot be priced, by code and point of delivery, those on days for which no book holds apart:
-- with no price in the book where the contract needs one (and of those the lines that had one until prices were
-- published again), and with no total submitted where it needs one.
SELECT c.tariff_code, c.point_of_delivery, $basis <> 'submitted' AND l.price_period IS NULL AS undated,
       CAST(sum(l.lines) AS BIGINT) AS lines, CAST(sum(l.submitted_pence) AS BIGINT) AS submitted_pence,
       CAST(sum(CASE WHEN $basis <> 'submitted' AND l.price_period IS NOT NULL AND q.price_pence IS NULL
                     THEN l.lines ELSE 0 END) AS BIGINT) AS without_price,
       CAST(sum(CASE WHEN $basis <> 'submitted' AND q.price_pence IS NULL AND q.was_priced
                     THEN l.lines ELSE 0 END) AS BIGINT) AS once_priced,
       CAST(sum(CASE WHEN $basis <> 'book' THEN l.lines - l.lines_with_total ELSE 0 END) AS BIGINT) AS without_total
FROM line_cell l
JOIN combination c ON c.combination_id = l.combination_id
LEFT JOIN period_price q ON q.combination_id = l.combination_id AND q.price_period = l.price_period
WHERE l.fate = 'unpriced'
GROUP BY c.tariff_code, c.point_of_delivery, $basis <> 'submitted' AND l.price_period IS NULL
ORDER BY c.tariff_code, c.point_of_delivery, undated
