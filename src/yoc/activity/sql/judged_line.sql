-- The fate of every line that no later load superseded, decided once, the first reason that applies; and the amount of
-- those that are charged, in whole pence (rounded half away from zero at the line) or, where the contract rounds on the
-- total, in thousand-millionths of a penny, exactly. The contract's `basis` says which amount it is: of the `book`, price ×
-- count × market forces index; as `submitted`; or the `lower` of the two, which is the one nearer to nothing, but the
-- book's where the two have different signs.
-- The price is the one that holds now for the day of the line. Prices are in pence, counts in thousandths, indices in
-- millionths; `largest` is the largest price × index that was ever published for the day.
CREATE OR REPLACE TABLE judged_line AS
WITH placed AS (
    SELECT l.person_id, l.line_id, l.combination_id, l.day, l.submitted_pence, l.quantity_thousandths, l.period,
           d.provider, d.setting, d.early_fate, q.price_pence, q.index_millionths, q.largest,
           p.host_id, p.segment_id, m.month, m.price_period
    FROM line l
    JOIN decision d ON d.combination_id = l.combination_id
    LEFT JOIN year_day m ON m.day = l.day
    LEFT JOIN period_price q ON q.combination_id = l.combination_id AND q.price_period = m.price_period
    LEFT JOIN presence p ON p.person_id = l.person_id AND p.from_day <= l.day AND l.day < p.to_day
    WHERE NOT l.superseded),
judged AS (
    SELECT *,
           CASE WHEN month IS NULL OR period < $first_period OR period > $first_period + 11 THEN 'out_of_year'
                WHEN early_fate <> '' THEN early_fate
                WHEN person_id = 0 THEN 'no_person'
                WHEN host_id IS NULL THEN 'not_registered'
                WHEN segment_id = 0 THEN 'not_in_cohort'
                WHEN $basis <> 'submitted' AND price_pence IS NULL THEN 'unpriced'
                WHEN $basis <> 'book' AND submitted_pence IS NULL THEN 'unpriced'
                WHEN $basis <> 'submitted'
                     AND abs(quantity_thousandths) > 2305843009213693951 // greatest(largest, 1)
                    THEN 'too_large'
                WHEN $basis <> 'book' AND abs(submitted_pence) > 2305843009 THEN 'too_large'
                ELSE 'charged' END AS fate
    FROM placed),
exact AS (
    SELECT *,
           CASE WHEN fate <> 'charged' OR $basis = 'submitted' THEN 0
                ELSE price_pence * quantity_thousandths * index_millionths END AS of_book,
           CASE WHEN fate <> 'charged' OR $basis = 'book' THEN 0
                ELSE submitted_pence * CASE WHEN $rounded_per_line THEN 1 ELSE 1000000000 END END AS as_submitted
    FROM judged),
rounded AS (
    SELECT * EXCLUDE (of_book),
           CASE WHEN NOT $rounded_per_line THEN of_book
                WHEN of_book >= 0 THEN (of_book + 500000000) // 1000000000
                ELSE -((-of_book + 500000000) // 1000000000) END AS of_book
    FROM exact)
SELECT person_id, line_id, combination_id, day, month, provider, setting, host_id, segment_id, fate, submitted_pence,
       price_period, quantity_thousandths,
       CASE WHEN $basis = 'book' THEN of_book
            WHEN $basis = 'submitted' THEN as_submitted
            WHEN sign(of_book) * sign(as_submitted) < 0 OR abs(of_book) < abs(as_submitted) THEN of_book
            ELSE as_submitted END AS amount
FROM rounded
