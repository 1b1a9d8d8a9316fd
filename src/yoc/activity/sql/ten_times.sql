-- Charged lines of which the submitted total is about ten, a hundred or a thousand times what the book gives for their
-- count, or about such a part of it, or is otherwise far from it: by provider and code, how many, what was submitted, and
-- what the book gives, in thousand-millionths of a penny in two parts. The bounds are of ten times and of a tenth:
-- numerators over one denominator, both ends included; those of a hundred and a thousand are ten and a hundred times as
-- far. `far` is a whole ratio. A line that is charged at the book's price, and was submitted at that, is not looked at.
WITH priced AS (
    SELECT j.combination_id, j.submitted_pence,
           CAST(abs(j.submitted_pence) AS HUGEINT) * 1000000000 * $whole AS said,
           CAST(abs(q.price_pence) AS HUGEINT) * abs(j.quantity_thousandths) * q.index_millionths AS book
    FROM judged_line j
    JOIN period_price q ON q.combination_id = j.combination_id AND q.price_period = j.price_period
    WHERE j.fate = 'charged' AND q.price_pence <> 0 AND j.submitted_pence <> 0 AND j.quantity_thousandths <> 0
      AND NOT ($amount_is_book AND j.amount = j.submitted_pence)
      AND (j.submitted_pence < 0) = ((q.price_pence < 0) <> (j.quantity_thousandths < 0))
      AND abs(j.quantity_thousandths) <= 2305843009213693951 // greatest(q.largest, 1)),
found AS (
    SELECT combination_id, submitted_pence, book,
           CASE WHEN said >= book * $over_from AND said <= book * $over_to THEN 'ten times'
                WHEN said >= book * $under_from AND said <= book * $under_to THEN 'a tenth'
                WHEN said >= 10 * book * $over_from AND said <= 10 * book * $over_to THEN 'a hundred times'
                WHEN 10 * said >= book * $under_from AND 10 * said <= book * $under_to THEN 'a hundredth'
                WHEN said >= 100 * book * $over_from AND said <= 100 * book * $over_to THEN 'a thousand times'
                WHEN 100 * said >= book * $under_from AND 100 * said <= book * $under_to THEN 'a thousandth'
                WHEN said > book * $whole * $far THEN 'far over'
                WHEN said * $far < book * $whole THEN 'far under' ELSE '' END AS ratio
    FROM priced WHERE book > 0)
SELECT c.provider, c.point_of_delivery, c.tariff_code, f.ratio, count(*) AS lines,
       CAST(sum(f.submitted_pence) AS BIGINT) AS submitted_pence,
       CAST(sum(CAST(f.book AS HUGEINT) // 1000000000) AS BIGINT) AS book_high, CAST(sum(f.book % 1000000000) AS BIGINT) AS book_low
FROM found f JOIN combination c ON c.combination_id = f.combination_id
WHERE f.ratio <> ''
GROUP BY c.provider, c.point_of_delivery, c.tariff_code, f.ratio
