-- The fate of every line in hand, decided once, the first reason that applies; and the amount of
-- those that are charged, in whole pence (rounded half away from zero at the line) or, where the contract rounds on the
-- total, in thousand-millionths of a penny, exactly. The contract's `basis` says which amount it is: of the `book`, price ×
-- count × market forces index; as `submitted`; or the `lower` of the two, which is the one nearer to nothing, but the
-- book's where the two have different signs.
-- The price is the one that holds now for the day of the line. The day of birth and the day of death count. A line within
-- the contract's days after death is as of the day of death. A date before the person's birth is said as such even where
-- it lies outside the year, since the month that was stated does not. Prices are in pence, counts in thousandths, indices
-- in millionths; `largest` is the largest price × index that was ever published for the day.
CREATE OR REPLACE TABLE judged_line AS
WITH asked AS (
    SELECT l.file_id, l.row_number, l.person_id, l.line_id, l.combination_id, l.day, l.submitted_pence,
           l.quantity_thousandths, l.period, l.aside, d.early_fate, m.month, m.price_period,
           coalesce(l.day < l.birth_day, FALSE) AS before_birth,
           coalesce(l.day >= l.gone_day + $after_death_days, FALSE) AS after_death,
           CASE WHEN l.day >= l.gone_day AND $after_death_days > 0 THEN l.gone_day - 1 ELSE l.day END AS asked_day
    FROM line_in_hand l
    JOIN decision d ON d.combination_id = l.combination_id
    LEFT JOIN year_day m ON m.day = l.day),
placed AS (
    SELECT a.person_id, a.line_id, a.combination_id, a.day, a.submitted_pence, a.quantity_thousandths, a.period,
           a.early_fate, a.month, a.price_period, a.before_birth, a.after_death, a.file_id, a.row_number,
           a.aside, q.price_pence, q.index_millionths, q.largest, p.host_id, p.segment_id
    FROM asked a
    LEFT JOIN period_price q ON q.combination_id = a.combination_id AND q.price_period = a.price_period
    LEFT JOIN test_day_of t ON t.day = a.asked_day
    LEFT JOIN presence_in_hand p
           ON p.person_id = a.person_id AND p.test_day = t.test_day AND p.from_day <= a.asked_day AND p.to_day > a.asked_day),
judged AS (
    SELECT *,
           CASE WHEN period < $first_period OR period > $first_period + 11 THEN 'out_of_year'
                WHEN month IS NULL AND before_birth THEN 'before_birth'
                WHEN month IS NULL THEN 'out_of_year'
                WHEN early_fate <> '' THEN early_fate
                WHEN person_id = 0 THEN 'no_person'
                WHEN before_birth THEN 'before_birth'
                WHEN after_death THEN 'after_death'
                WHEN host_id IS NULL THEN 'not_registered'
                WHEN segment_id = 0 THEN 'not_in_cohort'
                WHEN $basis <> 'submitted' AND price_pence IS NULL THEN 'unpriced'
                WHEN $basis <> 'book' AND submitted_pence IS NULL THEN 'unpriced'
                WHEN $basis <> 'submitted'
                     AND abs(quantity_thousandths) > 2305843009213693951 // greatest(largest, 1)
                    THEN 'too_large'
                WHEN $basis <> 'book' AND abs(submitted_pence) > 2305843009 THEN 'too_large'
                WHEN aside THEN 'duplicate'
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
    SELECT file_id, row_number, person_id, line_id, combination_id, day, month, host_id, segment_id, fate, submitted_pence,
           price_period, quantity_thousandths, price_pence < 0 AS price_turns, as_submitted,
           CASE WHEN NOT $rounded_per_line THEN of_book
                WHEN of_book >= 0 THEN (of_book + 500000000) // 1000000000
                ELSE -((-of_book + 500000000) // 1000000000) END AS of_book
    FROM exact)
SELECT file_id, row_number, person_id, line_id, combination_id, day, month, host_id, segment_id, fate, submitted_pence,
       price_period, quantity_thousandths, price_turns,
       CASE WHEN $basis = 'book' THEN of_book
            WHEN $basis = 'submitted' THEN as_submitted
            WHEN sign(of_book) * sign(as_submitted) < 0 OR abs(of_book) < abs(as_submitted) THEN of_book
            ELSE as_submitted END AS amount
FROM rounded
