-- The fate of every line that no later load superseded, decided once, the first reason that applies; and the amount of
-- those that are charged: price × count × market forces index, in whole pence (rounded half away from zero at the line)
-- or, where the contract rounds on the total, in thousand-millionths of a penny, exactly.
-- Prices are in pence, counts in thousandths, indices in millionths.
CREATE TABLE judged_line AS
WITH placed AS (
    SELECT l.person_id, l.line_id, l.combination_id, l.day, l.submitted_pence, l.quantity_thousandths, l.period,
           d.provider, d.setting, d.early_fate, d.price_pence, d.index_millionths,
           p.host_id, p.segment_id, m.month
    FROM line l
    JOIN decision d ON d.combination_id = l.combination_id
    LEFT JOIN year_day m ON m.day = l.day
    LEFT JOIN presence p ON p.person_id = l.person_id AND p.from_day <= l.day AND l.day < p.to_day
    WHERE NOT l.superseded),
judged AS (
    SELECT *,
           CASE WHEN month IS NULL OR period < $first_period OR period > $first_period + 11 THEN 'out_of_year'
                WHEN early_fate <> '' THEN early_fate
                WHEN person_id = 0 THEN 'no_person'
                WHEN host_id IS NULL THEN 'not_registered'
                WHEN segment_id = 0 THEN 'not_in_cohort'
                WHEN price_pence IS NULL THEN 'unpriced'
                WHEN abs(quantity_thousandths) > 2305843009213693951 // greatest(abs(price_pence) * index_millionths, 1)
                    THEN 'too_large'
                ELSE 'charged' END AS fate
    FROM placed)
SELECT person_id, line_id, combination_id, day, month, provider, setting, host_id, segment_id, fate, submitted_pence,
       CASE WHEN fate <> 'charged' THEN 0
            WHEN $rounded_per_line THEN
                CASE WHEN price_pence * quantity_thousandths * index_millionths >= 0
                     THEN (price_pence * quantity_thousandths * index_millionths + 500000000) // 1000000000
                     ELSE -((-(price_pence * quantity_thousandths * index_millionths) + 500000000) // 1000000000) END
            ELSE price_pence * quantity_thousandths * index_millionths END AS amount
FROM judged
